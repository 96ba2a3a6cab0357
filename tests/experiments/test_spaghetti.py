import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from experiments import spaghetti, spaghetti_latents, warm_up
from tfgan_lab import networks
from tfgan_lab.latents import invert

SMALL = ["--batch_size=4", "--generator_widths=4,4,4,4", "--discriminator_widths=4,4",
         "--image_size=16"]  # fmt: skip


def figures_of(run_dir):
    """The index of a run's figures, all of which show something."""
    index = json.loads((run_dir / "figures" / "index.json").read_text())
    for entry in index:
        with Image.open(run_dir / "figures" / entry["file"]) as image:
            assert min(image.size) > 150 and np.asarray(image.convert("L")).std() > 3
    return index


def test_draws_the_figures(run_experiment, tmp_path):
    argv = [*SMALL, "--num_drawn=4", "--epochs=2", f"--run_dir={tmp_path}"]
    assert run_experiment("spaghetti", *argv) == 0
    index = figures_of(tmp_path)
    files = [entry["file"] for entry in index]
    assert files[:3] == ["fig_01_untrained.png", "fig_02_data.png", "fig_03_augmented.png"]
    assert [name[:6] for name in files[3:9]] == [f"fig_{number:02d}" for number in range(4, 10)]
    assert files[9:] == ["losses.png"]
    assert "the transposed generator after epoch 2," in index[8]["caption"]
    assert "(the report's figure shows epoch 5400)" in index[8]["caption"]
    page = (tmp_path / "report.html").read_text()
    assert all(entry["caption"].replace("'", "&#39;") in page for entry in index)


def test_epochs_of_figures():
    assert spaghetti.figure_epochs("r0-transposed", 570) == {
        4: (1, 10), 5: (10, 100), 6: (70, 700), 7: (100, 1000), 8: (300, 3000), 9: (540, 5400),
    }  # fmt: skip


def test_takes_real_images(real_images, run_experiment, tmp_path):
    argv = [*SMALL, f"--data_dir={real_images / 'bowls'}", "--epochs=1", f"--run_dir={tmp_path}"]
    assert run_experiment("spaghetti", *argv) == 0
    settings = json.loads((tmp_path / "config.json").read_text())["settings"]
    assert settings["data_dir"] == str(real_images / "bowls") and settings["drawn"] == ""


def test_searches_latents(run_experiment, monkeypatch, tmp_path, capsys):
    network = networks.transposed_generator(image_size=16, latent_size=4, widths=(4, 4))
    network.save(tmp_path / "generator.keras")

    def fast(generator, targets, preset="default", **changes):
        quick = {"steps": 3, "bank": 8, "starts": 1} if preset == "default" else {}
        return invert(generator, targets, preset=preset, **changes | quick)

    monkeypatch.setattr(spaghetti_latents, "invert", fast)
    figures = tmp_path / "figures"
    figures.mkdir()
    Image.effect_noise((200, 200), 90).save(figures / "a.png")
    (figures / "index.json").write_text('[{"file": "a.png", "caption": "An earlier."}]')
    argv = ["--latents", f"--generator_file={tmp_path}/generator.keras", "--preset=r0-upsampling"]
    assert run_experiment("spaghetti", *argv, "--num_drawn=6", f"--run_dir={tmp_path}") == 0
    names = ["target", "inversion_steps", "scaled_latents", "foreign_target",
             "foreign_inversion_steps", "second_target", "interpolation"]  # fmt: skip
    assert [entry["file"] for entry in figures_of(tmp_path)] == [
        "a.png", *(f"fig_{number}_{name}.png" for number, name in enumerate(names, 23)),
        "inversion_errors.png",
    ]  # fmt: skip
    numbers = json.loads((tmp_path / "latents.json").read_text())
    groups = numbers["inversion"]
    assert list(groups) == ["made by the generator", "training", "held out", "outside"]
    assert [groups[name]["r0"]["num_images"] for name in groups] == [16, 6, 16, 16]
    assert len(numbers["paths"]) == 4
    median = groups["outside"]["default"]["mse_quartiles"][1]
    assert f"| outside | 16 | default | {median:.4f} |" in capsys.readouterr().out


def test_warm_up_falls_as_the_report_says(run_experiment, tmp_path, capsys):
    assert run_experiment("warm_up", f"--run_dir={tmp_path}") == 0
    out = capsys.readouterr().out
    assert all(f"{value:.2f}" in out for value in warm_up.REPORTED.values())
    losses = warm_up.warm_up(seed=warm_up.NEAREST_SEED, steps=20)
    for step, reported in warm_up.REPORTED.items():
        assert losses[step] == pytest.approx(reported, abs=2.5)
    assert len(losses) == 21 and all(np.diff(losses) < 0)
    assert f"{losses[20]:.2f}" in out
    assert "Warm-up: the loss over 20 steps" in (tmp_path / "report.html").read_text()


def test_warm_up_first_step_by_hand():
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
