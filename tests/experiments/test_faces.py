import json
import re

import numpy as np
import pytest
from absl import flags
from PIL import Image

from experiments import faces, faces_findings
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.data.drawn.plates import draw_plates
from tfgan_lab.files import read_json
from tfgan_lab.runs.training.run_images import load_images


def planned(*argv):
    values = flags.FlagValues()
    faces.define_flags(values)
    values(["faces", *argv])
    return {each.name: each.config for each in faces.plan(values)}


@pytest.mark.slow
def test_trains_measures_and_draws(run_experiment, tmp_path_factory, tmp_path, capsys):
    folder = tmp_path_factory.mktemp("faces")
    for index, image in enumerate(draw_plates(8, image_size=70)[0]):
        Image.fromarray(image).save(folder / f"{index}.png")
    argv = ["--batch_size=8", "--epochs=2", "--evaluations=2", "--num_fakes=16",
            "--diagnose_every=0", f"--data_dir={folder}", f"--run_dir={tmp_path}",
            "--only=64,half,32"]  # fmt: skip
    assert run_experiment("faces", *argv) == 0
    text = (tmp_path / "faces.md").read_text()
    assert text in capsys.readouterr().out
    assert re.search(r"\| half \| -?[\d.e-]+ \| ", text)
    assert "| size | seconds per epoch | to 64 | the report's seconds | to 64 |" in text
    assert "| 0.1288 | 0.64 |" in text and "can't be told from 1 seed" in text
    # The report's data: grey, mirrored copies added; half of the images is half of that.
    for name, images in [("64", 16), ("half", 8), ("32", 16)]:
        record = read_json(tmp_path / name / "seed_0" / "config.json")
        assert record["data"]["num_images"] == images and record["settings"]["channels"] == 1
        evaluations = read_json(tmp_path / name / "seed_0" / "metrics.json")
        assert [each["epoch"] for each in evaluations] == [1, 2]
        # All are measured against all images and their mirrored copies.
        assert {each["counts"]["real"] for each in evaluations} == {16}
    result = json.loads((tmp_path / "faces.json").read_text())["runs"][0]["measures"]
    assert result.keys() == {
        "kid", "coverage", "diversity", "best_kid", "best_epoch", "best_images"
    }  # fmt: skip
    entries = read_json(tmp_path / "figures" / "index.json")
    assert [entry["file"] for entry in entries] == [
        "fig_01_full_and_half.png",
        "fig_02_epochs_64.png",
        "fig_03_sizes.png",
        "kid_while_training.png",
    ]
    assert entries[1]["caption"].startswith("Figure 2: the same latents over the epochs of run 64")
    for entry in entries:
        with Image.open(tmp_path / "figures" / entry["file"]) as image:
            assert np.asarray(image.convert("L")).std() > 3
    seconds = read_log(tmp_path / "64" / "seed_0")["seconds"]
    expected = np.median([seconds[0], seconds[1] - seconds[0]])
    assert faces_findings.seconds_per_epoch(tmp_path / "64" / "seed_0") == expected
    # The same command has nothing left to train, and more runs are added to those there are.
    before = (tmp_path / "sweep.md").read_text()
    assert run_experiment("faces", *argv) == 0
    assert "3 of 3 runs are complete." in capsys.readouterr().out
    assert (tmp_path / "sweep.md").read_text() == before


def test_measures_against_all_faces_of_the_data_folder(real_images, tmp_path):
    configs = planned(f"--data_dir={real_images / 'faces'}", f"--run_dir={tmp_path}")
    references = [faces_findings.reference_images(configs[name]) for name in ("half", "32")]
    assert [each.images.shape for each in references] == [(1060, 64, 64, 1)] * 2
    assert len(load_images(configs["half"])) == 530


def test_the_report_s_budget_and_the_usual_one():
    for config in planned("--data_dir=x", "--run_dir=y").values():
        assert config.images == "100k" and config.mirrored_copies
    config = planned("--data_dir=x", "--run_dir=y", "--epochs=1000")["64"]
    assert (config.epochs, config.images, config.batch_size) == (1000, "", 32)


def judged(values):
    """Answers by finding, from {run: readings of KID a seed, None for a run that failed}."""
    runs = {(name, seed): readings for name, each in values.items()
            for seed, readings in enumerate(each)}  # fmt: skip
    results = [{"name": name, "seed": seed, "status": "failed" if readings is None else "done"}
               for (name, seed), readings in runs.items()]  # fmt: skip
    histories = {run: readings for run, readings in runs.items() if readings is not None}
    return {each["finding"]: each for each in faces_findings.judge(results, histories)}


def test_findings_compare_within_seeds():
    # Medians of the last five: a bad last epoch, or a bad first one, decides on nothing.
    readings = [9, 9, 0.1, 0.1, 0.0, 0.2, 9]
    answers = judged({
        "64": [readings, [0.2], [0.3]],
        "half": [[0.5], [0.6], [0.71]],
        "rate 0.02": [[0.5], [0.6], None],
    })  # fmt: skip
    half = answers["the larger set helps: half of it does worse"]
    assert (
        half["difference"] == pytest.approx((0.4 + 0.4 + 0.41) / 3) and half["verdict"] == "holds"
    )
    rate = next(answer for finding, answer in answers.items() if "0.02" in finding)
    assert rate["verdict"] == "can't be told from 2 seeds; 1 of 3 runs rate 0.02 failed"
    assert answers["64 pixels do better than 32"]["difference"] is None


def test_getting_worse_is_told_from_chance():
    # Medians of five are (2, 3, 6), (4, 3, 8) and (4, 1, 8), so sums of the others (8, 4, 16),
    # (6, 4, 14) and (6, 6, 14): best in the middle, in the middle, and first.
    histories = [[-2, 2, 20, 17, 0, 3, 6], [4, 3, 2, 14, 14, -1, 8], [4, 0, 24, 8, 1, -2, 11]]
    assert faces_findings.after_the_best(histories) == pytest.approx([3, 5, 4])
    assert faces_findings.after_the_best(histories[:1]) == []
    assert faces_findings.after_the_best([[1, 2, 3, 4]] * 3) == []
    # Readings that follow no trend at all: the smallest is below the last, yet nothing gets worse.
    noise = np.random.default_rng(0).normal(size=(400, 3, 20))
    differences = [np.mean(faces_findings.after_the_best(each)) for each in noise]
    assert abs(np.mean(differences)) < 3 * np.std(differences) / 20
    worse = judged({"64": histories})["after its best epoch it gets worse (run 64)"]
    assert worse["difference"] == pytest.approx(4) and worse["verdict"] == "holds"


def test_only_readings_while_training_make_the_course(tmp_path):
    entry = {"images": 3, "epoch": 1, "metric": "kid", "value": 0.5, "during_training": True}
    other = entry | {"images": 6, "epoch": 2, "value": 0.25}
    later = [entry | {"during_training": False, "value": 0.1}, entry | {"metric": "fid"}]
    (tmp_path / "metrics.json").write_text(json.dumps([entry, *later, other]))
    history = faces_findings.history(tmp_path)
    assert {name: values.tolist() for name, values in history.items()} == {
        "images": [3.0, 6.0], "kid": [0.5, 0.25]
    }  # fmt: skip
