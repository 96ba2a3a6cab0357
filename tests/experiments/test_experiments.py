import json
import sys

import numpy as np
import pytest
from PIL import Image

from experiments import spaghetti, warm_up
from tfgan_lab.command_line.main import run_command

SMALL = [
    "--num_drawn=8",
    "--batch_size=4",
    "--generator_widths=4,4,4,4",
    "--discriminator_widths=4,4",
    "--image_size=16",
]


def run(command, *argv):
    return run_command("experiment", command, list(argv))


@pytest.mark.parametrize(
    ("preset", "numbers"),
    [
        ("r0-transposed", range(4, 10)),
        pytest.param("r0-upsampling", range(10, 16), marks=pytest.mark.slow),
    ],
)
def test_spaghetti_draws_the_figures(preset, numbers, tmp_path, capsys):
    argv = [*SMALL, f"--preset={preset}", f"--run_dir={tmp_path}"]
    assert run(spaghetti, *argv, "--epochs=4") == 0
    index = json.loads((tmp_path / "figures" / "index.json").read_text())
    kind = preset.removeprefix("r0-")
    files = [entry["file"] for entry in index]
    assert files[:3] == ["fig_01_untrained.png", "fig_02_data.png", "fig_03_augmented.png"]
    assert [name[:6] for name in files[3:9]] == [f"fig_{number:02d}" for number in numbers]
    assert files[9] == "losses.png" and len(files) == 10
    for entry in index:
        with Image.open(tmp_path / "figures" / entry["file"]) as image:
            assert min(image.size) > 200 and np.asarray(image.convert("L")).std() > 3
    _, total = spaghetti.FIGURES[preset]
    last_reported = max(spaghetti.FIGURES[preset][0].values())
    true_epoch = round(last_reported * 4 / total)
    assert f"the {kind} generator after epoch {true_epoch}," in index[8]["caption"]
    assert f"(the report's figure shows epoch {last_reported})" in index[8]["caption"]
    page = (tmp_path / "report.html").read_text()
    assert all(entry["caption"].replace("'", "&#39;") in page for entry in index)
    # The same command resumes, here to a larger budget.
    assert run(spaghetti, *argv, "--epochs=5") == 0
    assert "Resumes at step 8." in capsys.readouterr().out
    index = json.loads((tmp_path / "figures" / "index.json").read_text())
    # Epoch 3 would be due now; 2 is the nearest that was drawn.
    assert f"the {kind} generator after epoch 2," in index[7]["caption"]
    assert f"the {kind} generator after epoch 5," in index[8]["caption"]


def test_epochs_of_figures():
    full = spaghetti.figure_epochs("r0-transposed", 5700)
    assert {number: epoch for number, (epoch, _) in full.items()} == {
        4: 10, 5: 100, 6: 700, 7: 1000, 8: 3000, 9: 5400,
    }  # fmt: skip
    tenth = spaghetti.figure_epochs("r0-upsampling", 460)
    assert [epoch for epoch, _ in tenth.values()] == [1, 10, 95, 100, 250, 420]
    assert spaghetti.figure_epochs("r0-upsampling", 9999)[15] == (4200, 4200)
    assert {epoch for epoch, _ in spaghetti.figure_epochs("r0-upsampling", 1).values()} == {1}


def test_spaghetti_takes_real_images(real_images, tmp_path):
    argv = [flag for flag in SMALL if "drawn" not in flag]
    folder = real_images / "bowls"
    assert run(spaghetti, *argv, f"--data_dir={folder}", "--epochs=1", f"--run_dir={tmp_path}") == 0
    settings = json.loads((tmp_path / "config.json").read_text())["settings"]
    assert settings["data_dir"] == str(folder) and settings["drawn"] == ""


def test_spaghetti_refuses_other_presets(tmp_path, capsys):
    assert run(spaghetti, "--preset=light", f"--run_dir={tmp_path}") == 2
    assert "Expected --preset out of r0-transposed, r0-upsampling" in capsys.readouterr().err


def test_warm_up_falls_as_the_report_says(tmp_path, capsys):
    assert run(warm_up, f"--run_dir={tmp_path}") == 0
    out = capsys.readouterr().out
    assert all(f"{value:.2f}" in out for value in warm_up.REPORTED.values())
    losses = warm_up.warm_up(seed=warm_up.NEAREST_SEED, steps=20)
    for step, reported in warm_up.REPORTED.items():
        assert losses[step] == pytest.approx(reported, abs=2.5)
    assert len(losses) == 21 and all(np.diff(losses) < 0)
    assert f"{losses[20]:.2f}" in out
    assert (tmp_path / "figures" / "warm_up.png").exists()
    assert "Warm-up: the loss over 20 steps" in (tmp_path / "report.html").read_text()


def test_warm_up_first_step_by_hand():
    import keras
    import tensorflow as tf

    losses = warm_up.warm_up(seed=3, steps=1)
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(5), keras.layers.Dense(3)])
    inputs = np.float64(tf.random.stateless_uniform((5, 3), (3, 0)))
    kernel, bias, kernel_2, bias_2 = (np.float64(weight) for weight in model.get_weights())

    def outputs():
        return ((inputs @ kernel + bias) @ kernel_2 + bias_2).sum(axis=1) - 10

    assert losses[0] == pytest.approx(np.abs(outputs()).sum(), rel=1e-5)
    # d loss / d hidden = sign * (row sums of the second kernel); the second layer stays.
    slope = np.sign(outputs())[:, None] * kernel_2.sum(axis=1)[None]
    kernel -= 0.01 * inputs.T @ slope
    bias -= 0.01 * slope.sum(axis=0)
    assert losses[1] == pytest.approx(np.abs(outputs()).sum(), rel=1e-5)


@pytest.mark.parametrize("name", ["spaghetti", "warm_up"])
def test_help(name, capsys):
    assert run(sys.modules[f"experiments.{name}"], "--help") == 0
    assert f"python -m experiments.{name}" in capsys.readouterr().out


@pytest.fixture(scope="module")
def small_generator(tmp_path_factory):
    import keras

    import tfgan_lab as tgl

    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("generator") / "generator.keras"
    network = tgl.networks.transposed_generator(image_size=16, latent_size=4, widths=(4, 4))
    network.save(path)
    return path


@pytest.fixture
def _fast_search(monkeypatch):
    """Fewer steps: the searches' quality is tested elsewhere."""
    from experiments import spaghetti_latents

    def fast(generator, targets, preset="default", **changes):
        from tfgan_lab.latents import invert

        quick = {"steps": 3, "bank": 8, "starts": 1} if preset == "default" else {}
        return invert(generator, targets, preset=preset, **changes | quick)

    monkeypatch.setattr(spaghetti_latents, "invert", fast)


@pytest.mark.parametrize(
    ("preset", "first"),
    [("r0-transposed", 16), pytest.param("r0-upsampling", 23, marks=pytest.mark.slow)],
)
def test_spaghetti_searches_latents(preset, first, small_generator, _fast_search, tmp_path, capsys):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures/index.json").write_text('[{"file": "a.png", "caption": "An earlier."}]')
    argv = ["--latents", f"--generator_file={small_generator}", f"--preset={preset}"]
    assert run(spaghetti, *argv, "--num_drawn=6", f"--run_dir={tmp_path}") == 0
    index = json.loads((tmp_path / "figures/index.json").read_text())
    files = [entry["file"] for entry in index]
    assert files[0] == "a.png" and files[-1] == "inversion_errors.png"
    names = ["target", "inversion_steps", "scaled_latents", "foreign_target",
             "foreign_inversion_steps", "second_target", "interpolation"]  # fmt: skip
    assert files[1:-1] == [f"fig_{first + i:02d}_{name}.png" for i, name in enumerate(names)]
    for file in files[1:]:
        with Image.open(tmp_path / "figures" / file) as image:
            assert min(image.size) > 150 and np.asarray(image.convert("L")).std() > 3
    numbers = json.loads((tmp_path / "latents.json").read_text())
    groups = numbers["inversion"]
    assert list(groups) == ["made by the generator", "training", "held out", "outside"]
    assert [groups[name]["r0"]["num_images"] for name in groups] == [16, 6, 16, 16]
    assert len(numbers["paths"]) == 4
    out = capsys.readouterr().out
    median = groups["outside"]["default"]["mse_quartiles"][1]
    assert f"| outside | 16 | default | {median:.4f} |" in out


def test_spaghetti_refuses_what_latents_alone_would_use(small_generator, capsys):
    assert run(spaghetti, f"--generator_file={small_generator}") == 2
    assert "Expected --latents with --generator_file" in capsys.readouterr().err
    assert run(spaghetti, f"--generator_file={small_generator}", "--latents") == 2
    assert "Expected --run_dir=FOLDER to write the figures to" in capsys.readouterr().err
