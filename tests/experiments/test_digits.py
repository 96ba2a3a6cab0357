import json

import numpy as np
from PIL import Image

from experiments import class_maps, digits
from experiments.epochs import EpochImages
from tfgan_lab.runs.reading import run_evaluation


def test_from_images_to_the_table(run_experiment, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run_evaluation, "CLASSIFIER_STEPS", 3)
    monkeypatch.setattr(digits, "NUM_FAKES", 30)
    monkeypatch.setattr(class_maps, "STEPS", 3)
    labels = np.arange(16) % 3
    noise = np.random.default_rng(0).integers(0, 40, (16, 8, 8))
    images = (labels[:, None, None] * 100 + noise).astype(np.uint8)
    np.savez(tmp_path / "digits.npz", images=images, labels=labels)
    runs = tmp_path / "runs"
    argv = ["--image_size=8", "--batch_size=8", "--generator_widths=4,4,4",
            "--discriminator_widths=4,4", f"--data_dir={tmp_path}/digits.npz"]  # fmt: skip
    argv += [f"--run_dir={runs}", "--parts=conditional", "--epochs=2", "--maps"]
    assert run_experiment("digits", *argv) == 0
    out = capsys.readouterr().out
    assert "Maps of a classifier that is right on" in out
    assert (runs / "figures" / "class_maps.png").stat().st_size > 5000
    assert "Time for epoch 2 is" in out and "else taken for" in out
    table = (runs / "digits.md").read_text()
    assert table in out
    record = json.loads((runs / "digits.json").read_text())
    entries = {each["metric"]: each for each in record["conditional"]["evaluations"]}
    accuracy = entries["class_accuracy"]
    assert f"| conditional | {accuracy['value']:.4g} | {accuracy['real_baseline']:.4g} |" in table
    folder = runs / "conditional"
    settings = json.loads((folder / "config.json").read_text())["settings"]
    assert settings["preset"] == "r4-conditional" and settings["conditional"]
    sheets = sorted(path.name for path in (folder / "epochs").iterdir())
    assert sheets == ["image_at_epoch_0001.png", "image_at_epoch_0002.png"]
    with Image.open(folder / "epochs" / sheets[1]) as sheet:
        assert sheet.size == (4 * 10 + 2, 4 * 10 + 2)
    assert (folder / "figures" / "fig_conditional_epochs.png").exists()
    assert (folder / "epochs.gif").exists() and (folder / "report.html").exists()


def test_what_a_network_without_classes_has_not_is_left_out():
    evaluations = [
        {"metric": name, "value": 0.5, "real_baseline": 0.25, "protocol": {"features": "their own"}}
        for name in ("kid", "fid", "inception_score")
    ]
    lines = digits.lines_of({"dcgan": {"evaluations": evaluations, "seconds": 1.25}})
    assert lines[2] == "| dcgan | – | – | 0.5 | 0.25 | 0.5 | 0.5 | 1.25 |"
    assert lines[3].startswith("\nFeatures: their own.")


def test_images_of_later_epochs_are_taken_back(make_gan, make_images, tmp_path):
    (tmp_path / "epochs").mkdir()
    for epoch in (1, 3):
        (tmp_path / "epochs" / f"image_at_epoch_{epoch:04d}.png").write_bytes(b"earlier")
    gan, images = make_gan(), make_images(8)
    gan.fit(images, epochs=1, verbose=0)
    gan.fit(images, epochs=2, verbose=0, callbacks=[EpochImages(tmp_path, 2)])
    contents = {path.name: path.read_bytes() for path in (tmp_path / "epochs").iterdir()}
    assert contents.keys() == {"image_at_epoch_0001.png", "image_at_epoch_0002.png"}
    assert contents["image_at_epoch_0001.png"] == b"earlier"
