"""What a run with classes leaves behind, used where the run isn't."""

import json
import re
import subprocess
import sys
import zipfile

import keras
import numpy as np
import pytest
from PIL import Image

from tests.runs.tiny import tiny
from tfgan_lab.callbacks.generator_release import CLASSES, read_class_names
from tfgan_lab.command_line.main import main
from tfgan_lab.data import vehicles
from tfgan_lab.latents import as_generator
from tfgan_lab.runs.reading import run_evaluation as evaluation
from tfgan_lab.runs.reading.class_sheets import between_classes, every_class, labels_in_turns
from tfgan_lab.runs.reading.generation import draw_latents, label_of, open_generator
from tfgan_lab.runs.settings.run_config import ConfigError
from tfgan_lab.runs.training import latent_training as training

TYPES = vehicles(2, image_size=16).class_names


@pytest.fixture(scope="module", params=["concatenation", "batch_norm"])
def run_dir(request, tmp_path_factory):
    """A tiny run over eight body types."""
    folder = tmp_path_factory.mktemp(request.param)
    config = tiny(
        folder, drawn="vehicles", num_drawn=80, conditional=True, epochs=1, batch_size=20,
        generator_conditioning=request.param, snapshot_every=1, evaluate_every=1, latent_size=3,
        ema_half_life_images=20,
    )  # fmt: skip
    training.train(config, verbose=0)
    return folder


@pytest.fixture
def generator(run_dir):
    return open_generator(run_dir)


def test_rows_are_the_same_latents_in_every_class(run_dir, generator):
    images = every_class(generator, draw_latents(generator.latents, 8))
    for name in ("untrained", "data", "epoch_00001"):
        with Image.open(run_dir / "snapshots" / f"{name}.png") as grid:
            pixels = np.asarray(grid).astype(float)
        assert pixels.shape == (8 * 18 + 2, 8 * 18 + 2, 3)
    for label in range(8):
        shown = pixels[2 + 18 * label : 18 + 18 * label, 2 + 18 * 3 : 18 + 18 * 3]
        # The training may compute in bfloat16, the released generator never does.
        np.testing.assert_allclose(shown, images[label, 3] * 127.5 + 127.5, atol=3)


def test_the_generator_knows_its_classes(run_dir, generator):
    path = run_dir / "generator.keras"
    assert generator.class_names == TYPES == read_class_names(path)
    assert generator.num_classes == 8 and as_generator(generator).class_names == TYPES
    assert read_class_names(run_dir / "last_generator.keras") == TYPES
    bare = as_generator(generator.network)
    assert bare.class_names == () and bare.num_classes == 8
    with pytest.raises(ValueError, match="Expected labels from 0 to 7. Received: label 8"):
        bare.generate(np.zeros((1, 3)), 8)
    with pytest.raises(ValueError, match="Expected labels from 0 to 7. Received: label -1"):
        bare.generate(np.zeros((2, 3)), [0, -1])


def test_keras_alone_reads_a_generator_without_its_own_layers(run_dir, tmp_path):
    if "batch_norm" in str(run_dir):
        pytest.skip("has a layer of this package")
    code = (
        "import sys, keras, numpy as np; network = keras.saving.load_model(sys.argv[1]); "
        "network([np.zeros((2, 3), 'float32'), np.array([7, 0], 'int32')]); "
        "assert 'tfgan_lab' not in sys.modules"
    )
    command = [sys.executable, "-c", code, str(run_dir / "generator.keras")]
    subprocess.run(command, check=True, cwd=tmp_path)


def test_damaged_names_are_said_to_be_damaged(tmp_path):
    path = tmp_path / "generator.keras"
    for content in ("[]", "{", '{"names": []}', '{"class_names": 3}'):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(CLASSES, content)
        with pytest.raises(ValueError, match="Expected a .keras file at .* a damaged file"):
            read_class_names(path)
    path.write_bytes(b"nothing")
    with pytest.raises(ValueError, match="a damaged file"):
        read_class_names(path)


def test_labels_by_number_and_name(generator):
    assert label_of(generator, "7") == 7 and label_of(generator, "estate") == 2
    assert label_of(generator, None) is None
    for text in ("8", "-1", "lorry", "1.0", ""):
        with pytest.raises(
            ConfigError, match=f"--label as a number from 0 to 7 or out of {TYPES[0]}"
        ):
            label_of(generator, text)
    with pytest.raises(ConfigError, match="Received: none"):
        label_of(generator, None, required=True)


def test_labels_without_classes_or_names(generator):
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(48)])
    network.add(keras.layers.Reshape((4, 4, 3)))
    plain = as_generator(network)
    assert label_of(plain, None, required=True) is None
    with pytest.raises(ConfigError, match="Expected no labels for a generator without classes"):
        label_of(plain, "1")
    bare = as_generator(generator.network)
    assert label_of(bare, "7") == 7
    with pytest.raises(ConfigError, match="Expected --label as a number from 0 to 7. Received: x"):
        label_of(bare, "x")
    labels, count = labels_in_turns(bare, 10)
    assert labels.tolist() == [*range(8), 0, 1] and count == 8


def test_ways_between_classes_begin_and_end_in_them(generator):
    latents = draw_latents(generator.latents, 2, seed=4)
    rows = between_classes(generator, latents, (6, 1), steps=5)
    assert rows.shape == (2, 5, 16, 16, 3)
    np.testing.assert_allclose(rows[:, 0], generator.generate(latents, 6), atol=1e-5)
    np.testing.assert_allclose(rows[:, -1], generator.generate(latents, 1), atol=1e-5)
    middle = np.abs(rows[:, 2] - rows[:, 0]).mean(), np.abs(rows[:, 4] - rows[:, 0]).mean()
    assert 0 < middle[0] <= middle[1] * 1.01


def test_generate_in_a_fresh_process(run_dir, generator, tmp_path):
    code = "import sys; from tfgan_lab.command_line.main import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "generate", str(run_dir), "--count=3", "--label=7"]
    subprocess.run([*command, f"--output={tmp_path}"], check=True, capture_output=True)
    images = generator.generate(draw_latents(generator.latents, 3), 7)
    with Image.open(tmp_path / "00002.png") as image:
        np.testing.assert_allclose(np.asarray(image), images[2] * 127.5 + 127.5, atol=0.51)


def test_generate_every_class_in_turns(run_dir, generator, tmp_path, capsys):
    argv = ["generate", str(run_dir), "--count=10", f"--output={tmp_path}"]
    assert main([*argv, "--every_class=5"]) == 0
    latents = draw_latents(generator.latents, 10)
    images = generator.generate(latents, [*range(8), 0, 1])
    with Image.open(tmp_path / "00009.png") as image:
        np.testing.assert_allclose(np.asarray(image), images[9] * 127.5 + 127.5, atol=0.51)
    # 16 pixels with a margin of 2; on the sheet of all images enlarged to 128.
    for name, cell, columns, rows in [("sheet", 130, 8, 2), ("classes", 18, 5, 8)]:
        with Image.open(tmp_path / f"{name}.png") as sheet:
            assert sheet.size == (cell * columns + 2, cell * rows + 2)
    assert f"The same latents in every class: {tmp_path}/classes.png" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["generate", "--label=8"], "Expected --label as a number from 0 to 7 or out of saloon"),
        (["generate", "--label=lorry"], "Received: lorry"),
        (["generate", "--walk=3"], "Expected --label as a number .* Received: none"),
        (["interpolate"], "Expected --label as a number .* Received: none"),
        (["interpolate", "--label=1", "--to_label=9"], "Received: 9"),
        (
            ["interpolate", "x.png", "y.png", "--label=1", "--to_label=2"],
            "--to_label without images",
        ),
    ],
)
def test_refusals(run_dir, argv, message, capsys):
    assert main([argv[0], str(run_dir), *argv[1:]]) == 2
    error = capsys.readouterr().err
    assert len(error.strip().splitlines()) == 1
    assert re.search(message, error)


def test_interpolate_between_classes(run_dir, tmp_path):
    argv = ["interpolate", str(run_dir), "--label=van", "--to_label=0", "--grid=4"]
    assert main([*argv, f"--output={tmp_path}"]) == 0
    with Image.open(tmp_path / "class_interpolation.png") as sheet:
        assert sheet.size == (18 * 4 + 2, 18 * 6 + 2)


def test_evaluate_tells_of_the_classes(run_dir, capsys, monkeypatch):
    monkeypatch.setattr(evaluation, "CLASSIFIER_STEPS", 20)
    if "batch_norm" in str(run_dir):
        pytest.skip("one way is enough")
    assert main(["evaluate", str(run_dir), "--metrics=kid"]) == 0
    out = capsys.readouterr().out
    assert "class_accuracy" in out and "kid[" in out and "else taken for" in out
    record = json.loads((run_dir / "classes.json").read_text())
    confusion = np.array(record["confusion"])
    assert record["class_names"] == [*TYPES] and confusion.sum(axis=1).tolist() == [50] * 8
    assert record["accuracy"] == pytest.approx(np.trace(confusion) / 400)
    entries = json.loads((run_dir / "metrics.json").read_text())
    assert {"kid", "class_accuracy"} <= {entry["metric"] for entry in entries}
    assert (run_dir / "figures" / "fig_classes_confusion.png").exists()
    before = (run_dir / "classes.json").stat().st_mtime_ns
    assert main(["evaluate", str(run_dir), "--metrics=kid", "--noclasses"]) == 0
    assert "class_accuracy" not in capsys.readouterr().out
    assert (run_dir / "classes.json").stat().st_mtime_ns == before
