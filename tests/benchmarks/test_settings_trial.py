from benchmarks import settings_trial
from benchmarks.settings.combinations import Combination, draw
from benchmarks.settings.fingerprint import fingerprint
from tests.runs.tiny import TINY, tiny
from tfgan_lab.runs.settings.run_config import RunConfig

PLAIN = {name: value for name, value in TINY.items() if name != "preset"}


def test_combinations_are_refused_or_built_and_nothing_is_ignored(tmp_path):
    tried = [settings_trial.one(3, index, tmp_path, trains=False) for index in range(6)]
    assert {each["outcome"] for each in tried} == {"trained", "refused"}
    assert not any(map(settings_trial.problem_of, tried))
    before = (tmp_path / "3_00000.json").stat().st_mtime_ns
    assert settings_trial.one(3, 0, tmp_path, trains=False) == tried[0]
    assert (tmp_path / "3_00000.json").stat().st_mtime_ns == before


def test_the_same_numbers_draw_the_same_combination():
    assert [draw(0, index) for index in range(50)] == [draw(0, index) for index in range(50)]
    assert len({" ".join(draw(0, index).words()) for index in range(50)}) > 45
    kinds = {draw(0, index).kind.__name__ for index in range(50)}
    assert kinds == {"RunConfig", "TranslationConfig"}


def test_flags_as_they_would_be_typed():
    given = {"augment_flip": False, "generator_widths": (4, 4), "r1_gamma": 0.5}
    assert Combination(RunConfig, "light", given).words() == [
        "--preset=light", "--noaugment_flip", "--generator_widths=4,4", "--r1_gamma=0.5",
    ]  # fmt: skip
    config = Combination(RunConfig, "light", PLAIN | given).config("run", without="r1_gamma")
    assert config.r1_gamma == 0.0 and config.generator_widths == (4, 4)


def test_settings_change_the_fingerprint_and_places_do_not():
    found = fingerprint(tiny("run"))
    assert fingerprint(tiny("elsewhere")) == found
    for setting in ({"seed": 1}, {"beta_2": 0.9}):
        assert fingerprint(tiny("run", **setting)) != found
