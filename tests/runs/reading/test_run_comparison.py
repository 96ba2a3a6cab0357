import re
import shutil

import numpy as np
import pytest

from tests.runs.tiny import tiny
from tfgan_lab.command_line.main import main
from tfgan_lab.files import read_json, write_json
from tfgan_lab.latents import Normal
from tfgan_lab.models import load_model
from tfgan_lab.randomness import Purpose, key
from tfgan_lab.runs import LatentRun, open_run
from tfgan_lab.runs.reading import run_comparison as comparison
from tfgan_lab.runs.reading.generation import draw_latents
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training import latent_training as training


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two trained runs that differ in a slope and in how long they trained."""
    folder = tmp_path_factory.mktemp("runs")
    training.train(tiny(folder / "relu", generator_slope=0.0, evaluate_every=1), verbose=0)
    training.train(tiny(folder / "leaky", generator_slope=0.2, epochs=1), verbose=0)
    return folder


@pytest.fixture
def runs(folder):
    return comparison.read_runs([folder / "relu", folder / "leaky"])


def copy(run, path, *, change=lambda record: None, **entry):
    """Copies a run with another record, and with an evaluation if there is one."""
    shutil.copytree(run, path)
    record = read_json(path / "config.json")
    change(record)
    write_json(path / "config.json", record)
    if entry:
        write_json(path / "metrics.json", [evaluated(**entry)])
    return open_run(path)


def evaluated(metric="kid", fake=10, images=12, features="random"):
    return {
        "metric": metric,
        "value": 2.0,
        "protocol": {"features": features},
        "counts": {"fake": fake},
        "images": images,
        "generator": "generator.keras",
    }


def differing(runs):
    heads, *rows = comparison.difference_table(runs)
    assert heads == ["", *runs]
    return {name: values for name, *values in rows}


def test_names_what_differs(runs, folder):
    assert differing(runs) == {
        "generator_slope": ["0.0", "0.2"],
        "epochs": ["2", "1"],
        "evaluate_every": ["1", "0"],
    }
    assert len(comparison.difference_table({"a": runs["relu"], "b": runs["relu"]})) == 1


def test_a_setting_that_a_run_is_too_old_for_had_its_default(runs, folder, tmp_path):
    def forget(record):
        for name in ("batch_norm", "generator_slope"):
            record["settings"].pop(name)

    old = copy(folder / "leaky", tmp_path / "old", change=forget)
    found = differing({"relu": runs["relu"], "old": old})
    assert "batch_norm" not in found and found["generator_slope"] == ["0.0", "0.2"]


def test_settings_are_those_a_rollback_left(runs, folder, tmp_path):
    entry = {"images": 12, "changes": {"generator_slope": [0.0, 0.2], "beta_1": [0.5, 0.1]}}
    changed = copy(folder / "relu", tmp_path / "changed",
                   change=lambda record: record.update(rollbacks=[entry]))  # fmt: skip
    assert (changed.config.generator_slope, changed.config.beta_1) == (0.2, 0.1)
    found = differing({"changed": changed, "leaky": runs["leaky"]})
    assert "generator_slope" not in found and found["rollbacks"] == ["1", "0"]
    assert found["beta_1"] == ["0.1", str(runs["leaky"].settings["beta_1"])]


def test_the_table_holds_what_the_runs_wrote(runs):
    heads, *lines = comparison.result_table(runs)
    first, second = (dict(zip(heads, line, strict=True)) for line in lines)
    relu = runs["relu"]
    assert first["run"] == "relu" and first["epochs"] == "2" and first["images"] == "24"
    assert first["generator loss"] == f"{relu.log()['generator_loss'][-1]:.4g}"
    assert first["verdict"] == "too early"
    assert first["kid"] == f"{relu.readings().released['value']:.4g}" and second["kid"] == "–"
    assert [entry["images"] for entry in relu.histories()["kid"]] == [12, 24]
    assert runs["leaky"].histories() == {}
    assert comparison.doubts(runs) == ["Not all runs saw equally many training images."]


def test_values_in_other_features_or_to_other_images_are_kept_apart(folder, tmp_path):
    def change(record):
        record["data"]["fingerprint"] = "0" * 64

    one = copy(folder / "leaky", tmp_path / "one", features="network one")
    other = copy(folder / "leaky", tmp_path / "other", features="network other", change=change)
    runs = {"one": one, "other": other}
    heads, *lines = comparison.result_table(runs)
    assert heads[-2:] == ["kid (network one)", "kid (network other)"]
    assert lines[0][-2:] == ["2", "–"] and lines[1][-2:] == ["–", "2"]
    assert "Not all runs saw the same images" in comparison.doubts(runs)[0]
    assert differing(runs)["images (SHA-256)"][1] == "00000000"


def test_counts_and_ends_are_compared_measure_by_measure(folder, tmp_path):
    runs = {
        name: copy(folder / "leaky", tmp_path / name, **entry)
        for name, entry in {
            "a": {"fake": 100},
            "b": {"fake": 5000},
            "c": {"metric": "class_accuracy", "fake": 40},
            "d": {"fake": 100, "images": 6},
        }.items()
    }

    def doubts(*names):
        return comparison.doubts({name: runs[name] for name in names})

    assert doubts("a", "c") == [] and doubts("b", "c") == []
    assert doubts("a", "b") == ["kid was taken on different numbers of images."]
    assert doubts("a", "d") == ["d was measured before its end: kid."]


def test_the_same_latents_for_all(runs):
    images, caption = LatentRun.side_by_side(runs, count=3, seed=5)
    assert list(images) == ["relu", "leaky"] and images["relu"].shape == (3, 16, 16, 3)
    assert "seed 5" in caption
    latents = Normal(4).sample(3, key(5, 0, Purpose.SAMPLES))
    for name, run in runs.items():
        expected = load_model(run.path / "generator.keras", compile=False)(latents)
        np.testing.assert_allclose(images[name], expected, atol=1e-6)
    assert np.abs(images["relu"] - images["leaky"]).max() > 1e-4


def test_with_classes_all_take_turns(tmp_path):
    shared = {"drawn": "vehicles", "conditional": True, "num_drawn": 80, "epochs": 1}
    training.train(tiny(tmp_path, diagnose_every=0, **shared), verbose=0)
    run = open_run(tmp_path)
    images, _ = LatentRun.side_by_side({"one": run}, count=9)
    generator = run.generator()
    expected = generator.generate(draw_latents(generator.latents, 9, 0), [*range(8), 0])
    np.testing.assert_array_equal(images["one"], expected)


@pytest.mark.parametrize("record", [True, False])
def test_the_folder_of_a_sweep_stands_for_its_runs(record, folder, tmp_path):
    """Those that are done, wherever the sweep was moved; without a record all that are there."""
    runs = [{"run_dir": "elsewhere/gone/seed_0", "status": "failed"}]
    for name in ("relu", "leaky"):
        shutil.copytree(folder / name, tmp_path / name / "seed_0")
        runs.append({"run_dir": f"elsewhere/{name}/seed_0", "status": "done"})
    if record:
        write_json(tmp_path / "sweep.json", {"runs": runs})
    assert set(comparison.read_runs([tmp_path])) == {"leaky/seed_0", "relu/seed_0"}


def test_a_sweep_that_has_only_begun(folder, tmp_path):
    shutil.copytree(folder / "relu", tmp_path / "relu" / "seed_0")
    runs = [{"run_dir": f"{tmp_path}/relu/seed_0", "status": "done"}]
    for paths in ([tmp_path], [tmp_path, tmp_path]):
        with pytest.raises(ConfigError, match=f"Received: {tmp_path}, which has 1"):
            comparison.read_runs(paths)
        write_json(tmp_path / "sweep.json", {"runs": runs})
    assert len(comparison.read_runs([tmp_path, folder / "relu"])) == 2


def test_refuses_the_same_run_twice(folder):
    with pytest.raises(ConfigError, match="two run directories or more, each once"):
        comparison.read_runs([folder / "relu", folder / "relu" / ".." / "relu"])


def test_the_verb_writes_a_page_of_its_own(folder, tmp_path, capsys):
    argv = ["compare", str(folder / "relu"), str(folder / "leaky"), f"--output={tmp_path}"]
    assert main([*argv, "--count=2"]) == 0
    out = capsys.readouterr().out
    assert "| generator_slope | 0.0 | 0.2 |" in out and "comparison.html\nNext:\n" in out
    page = (tmp_path / "comparison.html").read_text()
    assert page.count('<img src="data:image/png;base64,') == 1
    assert page.count('<div class="chart">') == 5  # Two losses, two logits and KID.
    without_scripts = re.sub("<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search('(src|href)="http', without_scripts)
    assert "Not all runs saw equally many" in page
    names = [entry["file"] for entry in read_json(tmp_path / "figures" / "index.json")]
    assert names == ["samples.png", "losses.png", "measured_kid.png"]
    assert main(argv[:-1]) == 0
    assert (folder / "comparison" / "comparison.html").exists()


def test_each_model_of_a_translator_has_its_own_mark_of_the_same_images(tmp_path):
    def run(model, fingerprint, num_images=6):
        path = tmp_path / f"{model}{fingerprint}{num_images}"
        data = {"fingerprint": fingerprint, "num_images": num_images}
        record = {"settings": {"model": model}, "data": data, "sessions": [{}]}
        write_json(path / "config.json", record)
        return open_run(path)

    def same(*runs):
        runs = dict(zip("abc", runs, strict=False))
        found = "images (SHA-256)" in differing(runs)
        assert found == bool(comparison.doubts(runs))
        return not found

    assert same(run("cyclegan", "1"), run("stargan", "2"))
    assert not same(run("cyclegan", "1"), run("stargan", "2", num_images=9))
    assert not same(run("cyclegan", "1"), run("cyclegan", "2"))
    assert same(run("cyclegan", "1"), run("cyclegan", "1"), run("stargan", "2"))
