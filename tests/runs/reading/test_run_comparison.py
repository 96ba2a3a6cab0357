import re
import shutil

import numpy as np
import pytest

from tests.runs.tiny import tiny
from tfgan_lab.command_line.main import main
from tfgan_lab.files import read_json, write_json
from tfgan_lab.metrics import append_evaluations
from tfgan_lab.metrics.evaluator import Evaluation
from tfgan_lab.metrics.readings import Readings
from tfgan_lab.runs.reading import run_comparison as comparison
from tfgan_lab.runs.reading.generation import draw_latents, open_generator
from tfgan_lab.runs.settings.run_config import ConfigError
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


def test_names_what_differs(runs):
    assert [run.name for run in runs] == ["relu", "leaky"]
    differing = comparison.differences(runs)
    assert differing == {
        "generator_slope": [0.0, 0.2],
        "epochs": [2, 1],
        "evaluate_every": [1, 0],
    }


def test_a_setting_that_a_run_is_too_old_for_had_its_default(runs, folder):
    record = read_json(folder / "leaky" / "config.json")
    for name in ("batch_norm", "generator_slope"):
        record["settings"].pop(name)
    old = [runs[0], comparison.ComparedRun("old", None, record, {}, [], "")]
    differing = comparison.differences(old)
    assert "batch_norm" not in differing and differing["generator_slope"] == [0.0, 0.2]


def test_the_table_holds_what_the_runs_wrote(runs):
    heads, lines = comparison.rows(runs)
    first, second = (dict(zip(heads, line, strict=True)) for line in lines)
    log = runs[0].log
    assert first["run"] == "relu" and first["epochs"] == "2" and first["images"] == "24"
    assert first["generator loss"] == f"{log['generator_loss'][-1]:.4g}"
    assert first["verdict"] == "too early"
    released = Readings.of(runs[0].evaluations).released["value"]
    assert first["kid"] == f"{released:.4g}" and second["kid"] == "–"
    history = runs[0].history("kid")
    assert history["images"].tolist() == [12, 24]
    assert history["kid"].tolist() == [each["value"] for each in runs[0].evaluations]
    assert runs[1].history("kid") == {}
    assert comparison.doubts(runs) == ["Not all runs saw equally many training images."]


def test_values_in_other_features_or_to_other_images_are_kept_apart(folder, tmp_path):
    for name in ("one", "other"):
        shutil.copytree(folder / "leaky", tmp_path / name)
        protocol = {"features": f"network {name}", "resizer": "", "estimator": ""}
        counts = {"real": 10, "fake": 10}
        append_evaluations(
            tmp_path / name,
            [Evaluation("fid", 2.0, None, None, "low", protocol, counts)],
            epoch=1, images=12, generator="generator.keras",
        )  # fmt: skip
    record = read_json(tmp_path / "other" / "config.json")
    record["data"]["fingerprint"] = "0" * 64
    write_json(tmp_path / "other" / "config.json", record)
    runs = comparison.read_runs([tmp_path / "one", tmp_path / "other"])
    heads, lines = comparison.rows(runs)
    assert heads[-2:] == ["fid (network one)", "fid (network other)"]
    assert lines[0][-2:] == ["2", "–"] and lines[1][-2:] == ["–", "2"]
    assert "Not all runs saw the same images" in comparison.doubts(runs)[0]
    assert comparison.differences(runs)["images (SHA-256)"][1] == "00000000"


def test_the_same_latents_for_all(runs, folder):
    from tfgan_lab.models import load_model

    images = comparison.same_latents(runs, count=3, seed=5)
    assert list(images) == ["relu", "leaky"] and images["relu"].shape == (3, 16, 16, 3)
    from tfgan_lab.latents import Normal
    from tfgan_lab.randomness import Purpose, key

    latents = Normal(4).sample(3, key(5, 0, Purpose.SAMPLES))
    for run in runs:
        expected = load_model(run.path / "generator.keras", compile=False)(latents)
        np.testing.assert_allclose(images[run.name], expected, atol=1e-6)
    assert np.abs(images["relu"] - images["leaky"]).max() > 1e-4


def test_with_classes_all_take_turns(tmp_path):
    shared = {"drawn": "vehicles", "conditional": True, "num_drawn": 80, "epochs": 1}
    training.train(tiny(tmp_path / "one", diagnose_every=0, **shared), verbose=0)
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    runs = comparison.read_runs([tmp_path / "one", tmp_path / "other"])
    images = comparison.same_latents(runs, count=9)
    generator = open_generator(tmp_path / "one")
    latents = draw_latents(generator.latents, 9, 0)
    expected = generator.generate(latents, [0, 1, 2, 3, 4, 5, 6, 7, 0])
    np.testing.assert_array_equal(images["one"], expected)
    np.testing.assert_array_equal(images["other"], expected)


def test_a_sweep_stands_for_its_runs(folder, tmp_path):
    runs = []
    for name, status in [("relu", "done"), ("leaky", "done"), ("gone", "failed")]:
        if status == "done":
            shutil.copytree(folder / name, tmp_path / name / "seed_0")
        runs.append({"run_dir": f"elsewhere/{name}/seed_0", "status": status})
    write_json(tmp_path / "sweep.json", {"runs": runs})
    read = comparison.read_runs([tmp_path])
    assert [run.name for run in read] == ["relu/seed_0", "leaky/seed_0"]


def test_a_sweep_that_has_only_begun(folder, tmp_path):
    shutil.copytree(folder / "relu", tmp_path / "relu" / "seed_0")
    with pytest.raises(ConfigError, match=f"Received: {tmp_path}, which has 1$"):
        comparison.read_runs([tmp_path])
    runs = [{"run_dir": f"{tmp_path}/relu/seed_0", "status": "done"}]
    write_json(tmp_path / "sweep.json", {"runs": runs})
    with pytest.raises(ConfigError, match="which has 1$"):
        comparison.read_runs([tmp_path])
    with pytest.raises(ConfigError, match="which has 1$"):
        comparison.read_runs([tmp_path, tmp_path])
    read = comparison.read_runs([tmp_path, folder / "relu"])
    assert len(read) == 2


def test_refuses_fewer_than_two(folder):
    with pytest.raises(ConfigError, match="two run directories or more, each once"):
        comparison.read_runs([folder / "relu"])
    with pytest.raises(ConfigError, match="each once"):
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


def test_settings_are_those_a_rollback_left(runs):
    entry = {"images": 12, "changes": {"generator_slope": [0.0, 0.2], "beta_1": [0.5, 0.1]}}
    record = runs[0].record | {"rollbacks": [entry]}
    changed = comparison.ComparedRun("changed", None, record, {}, [], "")
    differing = comparison.differences([changed, runs[1]])
    assert "generator_slope" not in differing and differing["rollbacks"] == [1, 0]
    assert differing["beta_1"] == [0.1, runs[1].record["settings"]["beta_1"]]


def test_each_model_of_a_translator_has_its_own_mark_of_the_same_images():
    def run(model, fingerprint, num_images=6):
        data = {"fingerprint": fingerprint, "num_images": num_images}
        record = {"settings": {"model": model}, "data": data, "sessions": [{}]}
        return comparison.ComparedRun(fingerprint, None, record, {}, [], "")

    def same(*runs):
        differing = comparison.differences(runs).keys() & {"images (SHA-256)"}
        assert bool(differing) == bool(comparison.doubts(runs))
        return not differing

    assert same(run("cyclegan", "1"), run("stargan", "2"))
    assert not same(run("cyclegan", "1"), run("stargan", "2", num_images=9))
    assert not same(run("cyclegan", "1"), run("cyclegan", "2"))
    assert same(run("cyclegan", "1"), run("cyclegan", "1"), run("stargan", "2"))


def test_a_comparison_that_no_sweep_made_stands_for_its_runs(folder, tmp_path):
    for name in ("relu", "leaky"):
        shutil.copytree(folder / name, tmp_path / name / "seed_0")
    assert [run.name for run in comparison.read_runs([tmp_path])] == ["leaky/seed_0", "relu/seed_0"]
    runs = [{"run_dir": f"x/{name}/seed_0", "status": "done"} for name in ("relu", "leaky", "gone")]
    write_json(tmp_path / "sweep.json", {"runs": runs})
    assert len(comparison.read_runs([tmp_path])) == 2


def test_counts_are_compared_measure_by_measure():
    def run(name, *measures, images=9):
        evaluations = [
            {
                "metric": metric,
                "value": 1.0,
                "protocol": {"features": "random"},
                "counts": {"fake": count},
                "generator": "generator.keras",
                "images": 9,
            }
            for metric, count in measures
        ]
        record = {"settings": {}, "data": {}, "sessions": [{}]}
        return comparison.ComparedRun(name, None, record, {"images": [images]}, evaluations, "")

    plain, classes = run("a", ("kid", 100)), run("b", ("kid", 100), ("class_accuracy", 40))
    assert comparison.doubts([plain, classes]) == []
    more = run("c", ("kid", 5000), ("class_accuracy", 40))
    assert comparison.doubts([classes, more]) == ["kid was taken on different numbers of images."]
    older = run("d", ("kid", 100), images=18)
    assert "d was measured before its end: kid." in comparison.doubts([plain, older])
