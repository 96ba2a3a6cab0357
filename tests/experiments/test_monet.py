import json
import re

import numpy as np
import pytest
from PIL import Image

from experiments import monet, monet_findings
from tfgan_lab.command_line.main import run_command
from tfgan_lab.data import convert, plates
from tfgan_lab.data.sources import ArraySource
from tfgan_lab.latents import R1_DISTRIBUTIONS
from tfgan_lab.runs.reading.generation import open_generator

SMALL = [
    "--num_drawn=16",
    "--batch_size=8",
    "--generator_widths=4,4,4",
    "--discriminator_widths=4,4",
    "--image_size=32",
    "--latent_size=4",
    "--num_fakes=16",
    "--diagnose_every=0",
]


def run(*argv):
    return run_command("experiment", monet, list(argv))


def test_compares_distributions_and_draws_the_figures(tmp_path, capsys):
    argv = [*SMALL, "--iterations=3", "--distributions=3,7", "--seeds=2", f"--run_dir={tmp_path}"]
    assert run(*argv) == 0
    index = json.loads((tmp_path / "figures" / "index.json").read_text())
    numbered = [entry["file"] for entry in index if entry["file"].startswith("fig_")]
    assert numbered == [
        "fig_01_samples.png",
        "fig_02_file_sizes.png",
        "fig_03_pixel_statistics.png",
        "fig_04_farthest.png",
        "fig_05_channel_statistics.png",
        "fig_09_images_gamma_2_1.png",
        "fig_12_losses_gamma_2_1.png",
        "fig_16_images_normal_0_10.png",
    ]
    captions = {entry["file"]: entry["caption"] for entry in index}
    assert captions[numbered[-1]] == (
        "Figure 16: images from noise N(0, 100) after 4 iterations, seed 2."
    )
    for name in numbered:
        with Image.open(tmp_path / "figures" / name) as image:
            assert np.asarray(image.convert("L")).std() > 3
    rows = json.loads((tmp_path / "monet.json").read_text())["rows"]
    assert [(row["distribution"], row["seed"]) for row in rows] == [
        ("gamma(2, 1)", 2), ("normal(0, 10)", 2),
    ]  # fmt: skip
    assert rows[0].keys() == {
        "distribution", "seed", "kid", "coverage", "diversity", "sharpness", "num_found",
    }  # fmt: skip
    config = json.loads((tmp_path / "gamma_2_1/seed_2/config.json").read_text())["settings"]
    assert (
        config["latent_distribution"] == "gamma(2, 1)"
        and config["seed"] == 2
        and config["images"] == "24"
    )
    assert config["real_label"] == 0.8 and config["initial_deviation"] == 0.02
    opened = open_generator(tmp_path / "gamma_2_1/seed_2").latents
    assert type(opened).__name__ == "Gamma"
    # Done runs are not trained again, and the table comes out the same.
    before = (tmp_path / "monet.md").read_text()
    capsys.readouterr()
    assert run(*argv) == 0
    assert capsys.readouterr().out.count("Is complete") == 2
    assert (tmp_path / "monet.md").read_text() == before


def test_explores_any_source(tmp_path):
    convert(ArraySource(plates(6, image_size=32).images), tmp_path / "shards", image_size=32)
    out = tmp_path / "out"
    assert run(f"--data_dir={tmp_path / 'shards'}", "--explore_only", f"--run_dir={out}") == 0
    assert {path.name for path in out.iterdir()} == {"figures", "report.html"}
    assert (out / "figures" / "fig_05_channel_statistics.png").exists()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["images"], "Expected flags only. Received: 'images'"),
        ([], "Expected --run_dir=FOLDER"),
        (["--run_dir=x", "--seeds=a"], "Expected --seeds as whole numbers from 0 .*Received: a"),
        (["--run_dir=x", "--seeds="], "Expected --seeds as whole numbers"),
        (["--run_dir=x", "--distributions=8"], "--distributions as whole numbers from 1 to 7"),
        (["--run_dir=x", "--seed=3"], "Expected --seeds instead of --seed"),
        (
            ["--run_dir=x", "--latent_distribution=normal"],
            "Expected --distributions, .*Received: --latent_distribution, of no effect",
        ),
        (
            ["--run_dir=x", "--iterations=3", "--epochs=3"],
            "--iterations, --images or --epochs, one",
        ),
        (["--run_dir=x", "--data_dir=gone"], "Expected a folder of images. Received: gone"),
    ],
)
def test_refuses(argv, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(*argv) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert re.search(message, error), error
    assert not list(tmp_path.iterdir())


def test_all_seven_by_default():
    assert tuple(monet.FIGURES) == R1_DISTRIBUTIONS
    numbers = [number for _, *both in monet.FIGURES.values() for number in both if number]
    assert sorted(numbers) == list(range(7, 17))


def rows_of(values, measure="kid"):
    """Rows from {distribution: one value a seed}."""
    return [
        {"distribution": name, "seed": seed, "kid": 0.0} | {measure: value}
        for name, each in values.items()
        for seed, value in enumerate(each)
    ]


def finding(rows, words):
    return next(each for each in monet_findings.judge(rows) if words in each["finding"])


def test_findings_need_three_seeds_and_a_clear_difference():
    words = "a large variance blurs"
    rows = rows_of({"normal(0, 1)": [1.0, 1.1], "normal(0, 10)": [0.2, 0.3]}, "sharpness")
    assert finding(rows, words)["verdict"] == "can't be told from 2 seeds"
    rows = rows_of({"normal(0, 1)": [1.0, 1.1, 0.9], "normal(0, 10)": [0.2, 0.3, 0.2]}, "sharpness")
    answer = finding(rows, words)
    # Differences 0.8, 0.8, 0.7: mean 0.7667, standard deviation 0.0577, over the root of 3.
    assert answer["difference"] == pytest.approx(0.76667, abs=1e-5)
    assert answer["standard_error"] == pytest.approx(0.03333, abs=1e-5)
    assert answer["verdict"] == "holds"
    rows = rows_of({"normal(0, 1)": [0.2, 0.3, 0.2], "normal(0, 10)": [1.0, 1.1, 0.9]}, "sharpness")
    assert finding(rows, words)["verdict"] == "does not hold: the other way round"
    # Twice its standard error would do for many seeds; for three it takes 4.3.
    rows = rows_of(
        {"normal(0, 1)": [0.1, 0.2, 0.45], "normal(0, 10)": [0.0, 0.0, 0.0]}, "sharpness"
    )
    answer = finding(rows, words)
    assert 2 < answer["difference"] / answer["standard_error"] < 4.3
    assert answer["verdict"] == "not significant"


def test_groups_of_distributions_are_compared_within_seeds():
    values = {name: [0.1, 0.2, 0.3] for name in monet_findings.WITHIN}
    values |= {name: [0.5, 0.6, 0.7] for name in (*monet_findings.SHIFTED, "normal(0, 10)")}
    answer = finding(rows_of(values), "does best")
    assert answer["difference"] == pytest.approx(0.4) and answer["verdict"] == "holds"
    answer = finding(rows_of(values), "matters less than the mean")
    # A shift moves KID by 0.4; variances by 0.4 (up) and 0 (down): 0.2 less.
    assert answer["difference"] == pytest.approx(0.2)
    # Of coverage more is better, so the same numbers speak against the finding.
    answer = finding(rows_of(values, "coverage"), "best: more coverage")
    assert answer["difference"] == pytest.approx(-0.4)
    assert answer["verdict"] == "does not hold: the other way round"
    values.pop("normal(0, 10)")
    assert finding(rows_of(values), "does best")["verdict"] == "can't be told from 0 seeds"


def test_table_tells_the_findings(tmp_path):
    values = {name: [0.1, 0.2, 0.3] for name in monet.FIGURES}
    monet_findings.write_table(tmp_path, rows_of(values), "random")
    text = (tmp_path / "monet.md").read_text()
    assert "| gamma(2, 1) | 0.2 ± 0.1 |" in text and "not significant" in text
    assert "normal(0, 10) is the report's N(0, 100)" in text


def test_sharpness_sees_edges_and_no_checkerboard():
    board = (np.indices((8, 8)).sum(axis=0) % 2)[None, ..., None]
    assert monet_findings.sharpness(board) == 0.0
    assert monet_findings.sharpness(board.repeat(2, axis=1).repeat(2, axis=2)) == 1.0
    ramp = np.broadcast_to(np.arange(8.0)[None, None, :, None], (1, 8, 8, 1))
    assert monet_findings.sharpness(ramp) == 1.0  # 2 to the right, 0 down.
