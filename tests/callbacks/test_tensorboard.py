"""TensorBoard itself, asked over HTTP for what a run wrote."""

import io
import json
import time
import urllib.parse
import urllib.request

import numpy as np
import pytest
from PIL import Image

from tfgan_lab import callbacks as cb


@pytest.fixture
def board(make_gan, make_pictures, tmp_path):
    """A function from a route of TensorBoard to its answer, of a run of three epochs."""
    from tensorboard import program

    gan, run = make_gan(), tmp_path / "runs" / "first"
    snapshots = cb.ImageSnapshots(run, every=2, num_images=4)
    gan.fit(make_pictures(10), epochs=3, verbose=0,
            callbacks=[snapshots, cb.TensorBoardLog(run, snapshots)])  # fmt: skip
    server = program.TensorBoard()
    server.configure(argv=["tensorboard", f"--logdir={run.parent}", "--port=0",
                           "--load_fast=false"])  # fmt: skip
    address = server.launch()

    def ask(route, **query):
        route += "?" + urllib.parse.urlencode(query) if query else ""
        with urllib.request.urlopen(f"{address}data/{route}", timeout=30) as answer:
            return answer.read()

    deadline = time.monotonic() + 60
    while not json.loads(ask("plugin/images/tags")) and time.monotonic() < deadline:
        time.sleep(0.2)
    return ask


@pytest.mark.filterwarnings("ignore")  # Of TensorBoard's server, not of anything here.
def test_groups_grids_and_histograms_over_http(board):
    run = "first/events"
    scalars = json.loads(board("plugin/scalars/tags"))[run]
    groups = {tag.split("/")[0] for tag in scalars}
    assert groups == {"loss", "logits", "gradient_norm", "speed", "progress"}
    losses = json.loads(board("plugin/scalars/scalars", run=run, tag="loss/generator"))
    assert [step for _, step, _ in losses] == [3, 6, 9]
    (image, _) = json.loads(board("plugin/images/images", run=run, tag="snapshots", sample=0))
    assert image["step"] == 6
    picture = board("plugin/images/individualImage?" + image["query"])
    with Image.open(io.BytesIO(picture)) as grid:
        assert grid.size == (22, 22)  # Two and two of 8x8, with margins of 2.
    histograms = json.loads(board("plugin/histograms/tags"))[run]
    assert any(tag.startswith("upsampling_generator") for tag in histograms)
    ((_, step, buckets), _) = json.loads(
        board("plugin/histograms/histograms", run=run, tag="latents/shares_of_directions")
    )
    assert step == 6 and np.sum([count for *_, count in buckets]) == 4
