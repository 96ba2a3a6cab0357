import json

import pytest

from benchmarks.settings.combinations import Combination, draw
from benchmarks.settings.fingerprint import fingerprint
from tests.benchmarks.program import run
from tests.runs.tiny import TINY, tiny
from tfgan_lab.runs.settings.run_config import RunConfig

PLAIN = {name: value for name, value in TINY.items() if name != "preset"}


def test_combinations_are_refused_or_built_and_nothing_is_ignored(tmp_path):
    arguments = ["--count=6", "--seed=3", "--notrain", f"--work_dir={tmp_path}"]
    done = run("benchmarks.settings_trial", *arguments)
    assert done.returncode == 0, done.stderr
    assert "6 combinations: " in done.stdout and ", 0 with a problem." in done.stdout, done.stdout
    row = json.loads((tmp_path / "results/settings.json").read_text())
    assert row["tried"] == row["survived"] == 6 and row["lost"] == []
    tried = [json.loads(path.read_text()) for path in (tmp_path / "combinations").glob("*.json")]
    assert {each["outcome"] for each in tried} == {"trained", "refused"}


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


@pytest.mark.parametrize(
    "setting",
    [
        {"seed": 1},
        pytest.param({"augment_zoom": 0.2}, marks=pytest.mark.slow),
        pytest.param({"epochs": 3}, marks=pytest.mark.slow),
        {"beta_2": 0.9},
    ],
)
def test_a_setting_changes_the_fingerprint_and_nothing_else_does(setting):
    assert fingerprint(tiny("run")) == fingerprint(tiny("elsewhere"))
    assert fingerprint(tiny("run", **setting)) != fingerprint(tiny("run"))
