"""The verbs that explore latents, on a small untrained generator."""

import re

import keras
import numpy as np
import pytest
from PIL import Image

import tfgan_lab as tgl
from tests.latents.generators import conditional_generator
from tests.runs.tiny import tiny
from tfgan_lab.command_line.main import main
from tfgan_lab.files import read_json
from tfgan_lab.runs import train

FAST = ["--steps=2", "--starts=1", "--bank=8"]


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "generator.keras"
    keras.utils.set_random_seed(0)
    network = tgl.networks.transposed_generator(image_size=16, latent_size=6, widths=(8, 8))
    network.save(path)
    return path


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    Image.new("RGB", (30, 20), (200, 100, 50)).save(folder / "a.jpg")
    Image.new("LA", (20, 20), (10, 200)).save(folder / "b.png")
    (folder / "notes.txt").write_text("no image")
    return folder


def test_generate_layouts_truncation_and_walk(generator, tmp_path, capsys):
    argv = ["generate", str(generator), "--count=5", "--seed=3"]
    assert main([*argv, f"--output={tmp_path / 'all'}"]) == 0
    assert "5 images in" in capsys.readouterr().out
    assert len(list((tmp_path / "all").glob("0*.png"))) == 5
    assert main([*argv[:2], "--count=3", f"--output={tmp_path / 'all'}"]) == 0
    assert "Note: 2 images of an earlier call lie there as well." in capsys.readouterr().out
    assert main([*argv, f"--output={tmp_path / 'all'}"]) == 0
    assert "Note" not in capsys.readouterr().out
    assert main([*argv, f"--output={tmp_path / 'files'}", "--layout=files"]) == 0
    assert not (tmp_path / "files/sheet.png").exists()
    for name in ("00000.png", "00004.png"):
        same = (tmp_path / "files" / name).read_bytes() == (tmp_path / "all" / name).read_bytes()
        assert same
    walk = ["--layout=grid", "--walk=3", "--walk_frames=4"]
    assert main([*argv, f"--output={tmp_path / 'walk'}", *walk]) == 0
    assert sorted(path.name for path in (tmp_path / "walk").iterdir()) == ["sheet.png", "walk.gif"]
    with Image.open(tmp_path / "walk/walk.gif") as animation:
        assert animation.n_frames == 12 and animation.size == (256, 256)
    assert main([*argv, f"--output={tmp_path / 'mean'}", "--truncation=0"]) == 0
    images = [np.asarray(Image.open(path)) for path in (tmp_path / "mean").glob("0*.png")]
    assert all((image == images[0]).all() for image in images)


def test_generate_draws_from_the_distribution_named(generator, tmp_path):
    argv = ["generate", str(generator), "--count=1", "--layout=files"]
    assert main([*argv, f"--output={tmp_path / 'a'}", "--latents=uniform(-1,1)"]) == 0
    assert main([*argv, f"--output={tmp_path / 'b'}"]) == 0
    assert (tmp_path / "a/00000.png").read_bytes() != (tmp_path / "b/00000.png").read_bytes()


def test_invert_files_and_folders(generator, images, tmp_path, capsys):
    out = tmp_path / "out"
    argv = ["invert", str(generator), str(images), str(images / "a.jpg"), *FAST]
    assert main([*argv, f"--output={out}"]) == 0
    text = capsys.readouterr().out
    assert "notes.txt (" in text and text.count("mean squared error") == 3
    rows = read_json(out / "inversion.json")
    assert [row["name"].rsplit("/", 1)[1] for row in rows] == ["a.jpg", "b.png", "a.jpg"]
    assert rows[0]["mean_squared_error"] == rows[2]["mean_squared_error"] > 0
    assert all(row["steps"] == 2 and 0 <= row["plausibility"] <= 1 for row in rows)
    with np.load(out / "latents.npz") as found:
        assert found["latents"].shape == (3, 6) and found["names"][1].endswith("b.png")
    with Image.open(out / "inversion.png") as figure:
        assert min(figure.size) > 300
    again = tmp_path / "again"
    assert main([*argv, f"--output={again}"]) == 0
    assert (again / "inversion.json").read_bytes() == (out / "inversion.json").read_bytes()


def test_interpolate_between_images_and_between_draws(generator, images, tmp_path, capsys):
    ends = [str(images / "a.jpg"), str(images / "b.png")]
    argv = ["interpolate", str(generator), "--grid=4", f"--output={tmp_path / 'out'}"]
    assert main([*argv, *ends, *FAST]) == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "inversion.json", "inversion.png", "latents.npz",
        "interpolation.gif", "interpolation.json", "interpolation.png",
    }  # fmt: skip
    with Image.open(tmp_path / "out/interpolation.gif") as animation:
        assert animation.n_frames == 6  # There, and back without the ends.
    capsys.readouterr()
    argv[-1] = f"--output={tmp_path / 'own'}"
    assert main([*argv, "--method=spherical"]) == 0
    record = read_json(tmp_path / "own/interpolation.json")
    assert record["method"] == "spherical" and record["detour"] >= 1
    jump = re.search(r"largest step is ([\d.]+) times", capsys.readouterr().out)
    assert float(jump[1]) == pytest.approx(record["largest_jump"], abs=0.05)


def test_with_classes(tmp_path, refuse):
    path, grey = str(tmp_path / "generator.keras"), str(tmp_path / "grey.png")
    inputs = conditional_generator()
    keras.Model(inputs.inputs, keras.layers.Resizing(8, 8)(inputs.output)).save(path)
    Image.new("L", (8, 8), 200).save(grey)
    assert main(["generate", path, "--count=2"]) == 0  # Classes take turns.
    assert main(["generate", path, "--count=2", "--label=1"]) == 0
    assert main(["invert", path, grey, *FAST, "--label=1"]) == 0
    refuse(["invert", path, grey, *FAST], "Expected --label as a number from 0")


@pytest.mark.parametrize("features", ["discriminator", "lite0"])
def test_what_a_network_sees_compares(features, tmp_path, images):
    run = tmp_path / "run"
    train(tiny(run, num_drawn=6, epochs=1), verbose=0)
    losses = []
    for chosen in ("none", features):
        argv = ["invert", str(run), str(images / "a.jpg"), *FAST, f"--features={chosen}"]
        assert main(argv) == 0
        losses.append(read_json(run / "inversion/inversion.json")[0]["loss"])
    assert losses[1] > losses[0] > 0


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["invert", "RUN"], "Expected a run directory and at least one image"),
        (["invert", "RUN", "missing.jpg"], "missing.jpg: no such file"),
        (["invert", "RUN", "RUN"], r"generator.keras: "),
        (["invert", "nowhere", "A"], "Expected a released generator at nowhere"),
        (["invert", "RUN", "A", "--latents=cauchy"], "Expected latents out of normal"),
        (["invert", "RUN", "A", "--starts=0"], "Expected starts of at least 1"),
        (["invert", "RUN", "A", "--label=1"], "Expected no labels for a generator without"),
        (
            ["invert", "RUN", "A", "--features=discriminator"],
            "Expected a run directory with --feat",
        ),
        (["interpolate", "RUN", "A"], "Expected a run directory, and two images or none"),
        (["interpolate", "RUN", "--starts=2"], "Expected images with these. Received: --starts"),
        (["generate", "last_generator.keras"], "Received: none; a run writes it with --evaluate_"),
        (["generate", "RUN", "--walk=1"], "Expected --walk of at least 2"),
        (["generate", "RUN", "--label=0"], "Expected no labels"),
    ],
)
def test_errors_are_one_sentence(argv, message, generator, images, refuse):
    named = {"RUN": str(generator), "A": str(images / "a.jpg")}
    before = sorted(generator.parent.iterdir())
    refuse([named.get(word, word) for word in argv], message)
    assert sorted(generator.parent.iterdir()) == before
