import json

import numpy as np
import pytest
from PIL import Image

from experiments import class_maps, digits
from experiments.epochs import EpochImages
from tfgan_lab.command_line.main import run_command
from tfgan_lab.latents import as_generator
from tfgan_lab.runs.reading import run_evaluation as evaluation

TINY = [
    "--image_size=8", "--batch_size=8", "--generator_widths=4,4,4", "--discriminator_widths=4,4",
]  # fmt: skip


def run(*argv):
    return run_command("experiments.digits", digits, list(argv))


@pytest.fixture
def images(tmp_path, monkeypatch):
    """An .npz of 24 grey images of three classes."""
    monkeypatch.setattr(evaluation, "CLASSIFIER_STEPS", 3)
    monkeypatch.setattr(digits, "NUM_FAKES", 30)
    monkeypatch.setattr(class_maps, "STEPS", 3)
    labels = np.arange(24) % 3
    noise = np.random.default_rng(0).integers(0, 40, (24, 8, 8))
    images = (labels[:, None, None] * 100 + noise).astype(np.uint8)
    np.savez(tmp_path / "digits.npz", images=images, labels=labels)
    return tmp_path / "digits.npz"


def test_both_networks_from_images_to_the_table(images, tmp_path, capsys):
    argv = [*TINY, f"--data_dir={images}", f"--run_dir={tmp_path / 'runs'}"]
    assert run(*argv, "--epochs=2", "--maps") == 0
    out = capsys.readouterr().out
    assert "Maps of a classifier that is right on" in out
    assert (tmp_path / "runs" / "figures" / "class_maps.png").stat().st_size > 5000
    assert out.count("Time for epoch 2 is") == 2 and "else taken for" in out
    table = (tmp_path / "runs" / "digits.md").read_text()
    assert table in out
    record = json.loads((tmp_path / "runs" / "digits.json").read_text())
    assert list(record) == ["dcgan", "conditional"]
    entries = {each["metric"]: each for each in record["conditional"]["evaluations"]}
    accuracy = entries["class_accuracy"]
    assert f"| conditional | {accuracy['value']:.4g} | {accuracy['real_baseline']:.4g} |" in table
    assert "| dcgan | – | – |" in table
    for part, preset in digits.PARTS.items():
        folder = tmp_path / "runs" / part
        settings = json.loads((folder / "config.json").read_text())["settings"]
        assert settings["preset"] == preset and settings["schedule"] == "simultaneous"
        assert settings["conditional"] == (part == "conditional")
        sheets = sorted(path.name for path in (folder / "epochs").iterdir())
        assert sheets == ["image_at_epoch_0001.png", "image_at_epoch_0002.png"]
        with Image.open(folder / "epochs" / sheets[1]) as sheet:
            assert sheet.size == (4 * 10 + 2, 4 * 10 + 2)
        assert (folder / "figures" / f"fig_{part}_epochs.png").exists()
        assert (folder / "epochs.gif").exists() and (folder / "report.html").exists()
    generator = as_generator(tmp_path / "runs" / "conditional" / "generator.keras")
    assert generator.generate(np.zeros((2, 100)), [0, 2]).shape == (2, 8, 8, 1)


def test_images_of_later_epochs_are_taken_back(make_gan, make_images, tmp_path):
    images = make_images(8)
    make_gan().fit(images, epochs=3, verbose=0, callbacks=[EpochImages(tmp_path, 2)])
    gan = make_gan()
    gan.fit(images, epochs=1, verbose=0)
    before = (tmp_path / "epochs" / "image_at_epoch_0001.png").stat().st_mtime_ns
    gan.fit(images, epochs=2, verbose=0, callbacks=[EpochImages(tmp_path, 2)])
    names = sorted(path.name for path in (tmp_path / "epochs").iterdir())
    assert names == ["image_at_epoch_0001.png", "image_at_epoch_0002.png"]
    assert (tmp_path / "epochs" / names[0]).stat().st_mtime_ns == before


def test_dry_run_writes_nothing(images, tmp_path, capsys):
    argv = [*TINY, f"--data_dir={images}", f"--run_dir={tmp_path / 'runs'}", "--dry_run"]
    assert run(*argv) == 0
    out = capsys.readouterr().out
    assert "24 images of 8x8 pixels in 3 classes" in out and "24 images of 8x8 pixels, 0" in out
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["x"], "Expected flags only. Received: 'x'"),
        ([], "Expected --run_dir=FOLDER"),
        (["--run_dir=x", "--parts=gan"], "Expected --parts out of dcgan, conditional"),
        (["--run_dir=x", "--conditional"], "Expected --parts=conditional or dcgan to choose"),
        (["--run_dir=x", "--preset=r1"], "Expected --parts=conditional or dcgan to choose"),
    ],
)
def test_refusals(argv, message, capsys):
    assert run(*argv) == 2
    assert message in capsys.readouterr().err
