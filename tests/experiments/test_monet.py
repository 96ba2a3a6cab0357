import json

import numpy as np
import pytest
from PIL import Image

from experiments import monet, monet_findings
from tfgan_lab.data import convert, plates
from tfgan_lab.data.sources import ArraySource

EXPLORED = [
    "fig_01_samples.png",
    "fig_02_file_sizes.png",
    "fig_03_pixel_statistics.png",
    "fig_04_farthest.png",
    "fig_05_channel_statistics.png",
]


def test_explores_any_source(run_experiment, tmp_path):
    convert(ArraySource(plates(6, image_size=32).images), tmp_path / "shards", image_size=32)
    out = tmp_path / "out"
    argv = [f"--data_dir={tmp_path / 'shards'}", "--explore_only", f"--run_dir={out}"]
    assert run_experiment("monet", *argv) == 0
    assert {path.name for path in out.iterdir()} == {"figures", "report.html"}
    assert {path.name for path in (out / "figures").glob("fig_*")} == set(EXPLORED)


def test_trains_and_draws_the_figures(run_experiment, tmp_path, capsys):
    argv = ["--batch_size=8", "--generator_widths=4,4,4", "--discriminator_widths=4,4",
            "--image_size=32", "--latent_size=4", "--num_fakes=16", "--diagnose_every=0",
            "--iterations=2", "--distributions=3", "--seeds=2", "--num_drawn=16",
            f"--run_dir={tmp_path}"]  # fmt: skip
    assert run_experiment("monet", *argv) == 0
    index = json.loads((tmp_path / "figures" / "index.json").read_text())
    captions = {entry["file"]: entry["caption"] for entry in index}
    assert [name for name in captions if name.startswith("fig_")] == [
        *EXPLORED, "fig_09_images_gamma_2_1.png", "fig_12_losses_gamma_2_1.png"
    ]  # fmt: skip
    assert captions["fig_09_images_gamma_2_1.png"] == (
        "Figure 9: images from noise Gamma(2, 1) after 2 iterations, seed 2."
    )
    for name in captions:
        with Image.open(tmp_path / "figures" / name) as image:
            assert np.asarray(image.convert("L")).std() > 3
    (row,) = json.loads((tmp_path / "monet.json").read_text())["rows"]
    assert (row["distribution"], row["seed"]) == ("gamma(2, 1)", 2)
    assert {"kid", "coverage", "diversity", "sharpness", "modes"} <= row.keys()
    config = json.loads((tmp_path / "gamma_2_1/seed_2/config.json").read_text())["settings"]
    assert (config["latent_distribution"], config["seed"]) == ("gamma(2, 1)", 2)
    assert config["preset"] == "r1" and config["images"] == "16"
    assert (tmp_path / "monet.md").read_text() in capsys.readouterr().out


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
    results = [
        {"name": name, "seed": seed, "status": "done", "measures": {"kid": kid}}
        for name in monet.FIGURES
        for seed, kid in enumerate([0.1, 0.2, 0.3])
    ]
    lost = {"name": "gamma(2, 1)", "seed": 3, "status": "failed", "measures": {}, "error": "No."}
    text = monet_findings.write_table(tmp_path, [*results, lost], "random")
    assert (tmp_path / "monet.md").read_text() == text
    assert "| gamma(2, 1) | 0.2 ± 0.1 |" in text and "not significant" in text
    assert "Failed: gamma(2, 1), seed 3: No." in text


def test_sharpness_sees_edges_and_no_checkerboard():
    board = (np.indices((8, 8)).sum(axis=0) % 2)[None, ..., None]
    assert monet_findings.sharpness(board) == 0.0
    assert monet_findings.sharpness(board.repeat(2, axis=1).repeat(2, axis=2)) == 1.0
    ramp = np.broadcast_to(np.arange(8.0)[None, None, :, None], (1, 8, 8, 1))
    assert monet_findings.sharpness(ramp) == 1.0  # 2 to the right, 0 down.
