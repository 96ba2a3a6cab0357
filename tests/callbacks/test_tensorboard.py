"""TensorBoard itself, asked over HTTP for what a run wrote."""

import io
import json
import time
import urllib.parse
import urllib.request

import numpy as np
import pytest
from PIL import Image

from tests.runs.sweep.test_sweeping import Pretended, settings
from tfgan_lab import callbacks as cb
from tfgan_lab.layers import AdaptiveAugment
from tfgan_lab.losses import R1, BinaryCrossEntropy
from tfgan_lab.runs import axis, plan_sweep, run_sweep
from tfgan_lab.runs.sweep.sweep_results import write_sweep


def served(folder):
    """A function from a route of TensorBoard, looking at a folder, to its answer."""
    from tensorboard import program

    server = program.TensorBoard()
    server.configure(argv=["tensorboard", f"--logdir={folder}", "--port=0",
                           "--load_fast=false"])  # fmt: skip
    address = server.launch()

    def ask(route, **query):
        route += "?" + urllib.parse.urlencode(query) if query else ""
        with urllib.request.urlopen(f"{address}data/{route}", timeout=30) as answer:
            return answer.read()

    return ask


def wait_until(asked):
    deadline = time.monotonic() + 60
    while not asked() and time.monotonic() < deadline:
        time.sleep(0.2)


@pytest.fixture
def board(make_gan, make_images, tmp_path):
    """A function from a route of TensorBoard to its answer, of a run of three epochs."""
    gan, images, run = make_gan(), make_images(10), tmp_path / "runs" / "first"
    penalties = [R1(1.0)]
    gan.compile(loss=BinaryCrossEntropy(), penalties=penalties, augmenter=AdaptiveAugment())
    snapshots = cb.ImageSnapshots(run, every=2, num_images=4)
    diagnosis = cb.Diagnosis(run, images, every_images=12)
    log = cb.TensorBoardLog(run, snapshots, diagnosis)
    evaluate = cb.Evaluate(run, images, every_images=20)
    gan.fit(images, epochs=3, verbose=0, callbacks=[snapshots, diagnosis, log, evaluate])
    ask = served(run.parent)
    wait_until(lambda: json.loads(ask("plugin/images/tags")))
    return ask


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_sweep_is_a_table_of_hparams_over_http(tmp_path):
    sweep = plan_sweep(settings(tmp_path), [axis("generator_slope", [0.0, 0.2])], seeds=[0, 1])
    write_sweep(tmp_path, run_sweep(sweep, Pretended()))
    ask = served(tmp_path)
    statuses = [f"STATUS_{name}" for name in ("UNKNOWN", "SUCCESS", "FAILURE", "RUNNING")]
    wanted = {"experimentName": "", "allowedStatuses": statuses, "startIndex": 0, "sliceSize": 9}

    def groups():
        answer = ask("plugin/hparams/session_groups", request=json.dumps(wanted))
        return json.loads(answer).get("sessionGroups", [])

    wait_until(lambda: len(groups()) == 2)
    # A group for each combination, its seeds' mean beside the setting.
    shown = {
        (group["hparams"]["generator_slope"], value["name"]["tag"]): value["value"]
        for group in groups()
        for value in group["metricValues"]
    }
    assert shown == {(0.0, "sweep/slope"): 0.5, (0.2, "sweep/slope"): pytest.approx(0.7)}


@pytest.mark.filterwarnings("ignore")  # Of TensorBoard's server, not of anything here.
def test_groups_grids_and_histograms_over_http(board):
    run = "first/events"
    scalars = json.loads(board("plugin/scalars/tags"))[run]
    groups = {tag.split("/")[0] for tag in scalars}
    assert groups == {"loss", "logits", "gradient_norm", "speed", "progress", "penalty",
                      "augmentation", "diagnosis", "metrics"}  # fmt: skip
    assert {
        "penalty/r1",
        "metrics/kid (random-convolutions)",
        "diagnosis/coverage",
    } <= scalars.keys()
    losses = json.loads(board("plugin/scalars/scalars", run=run, tag="loss/generator"))
    assert [step for _, step, _ in losses] == [3, 6, 9]
    (entry, _) = json.loads(board("plugin/images/images", run=run, tag="snapshots", sample=0))
    assert entry["step"] == 6
    image = board("plugin/images/individualImage?" + entry["query"])
    with Image.open(io.BytesIO(image)) as grid:
        assert grid.size == (22, 22)  # Two and two of 8x8, with margins of 2.
    histograms = json.loads(board("plugin/histograms/tags"))[run]
    assert any(tag.startswith("upsampling_generator") for tag in histograms)
    ((_, step, buckets), _) = json.loads(
        board("plugin/histograms/histograms", run=run, tag="latents/shares_of_directions")
    )
    assert step == 6 and np.sum([count for *_, count in buckets]) == 4
