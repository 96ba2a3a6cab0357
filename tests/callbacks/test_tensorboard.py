"""What TensorBoard finds of a run, and, asked over HTTP, of a sweep."""

import json
import time
import urllib.parse
import urllib.request

import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.runs.sweep.test_sweeping import Pretended, settings
from tfgan_lab import callbacks as cb
from tfgan_lab.layers import AdaptiveAugment
from tfgan_lab.losses import R1
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


def test_groups_grids_and_histograms_of_a_run(make_gan, make_images, tmp_path):
    images, gan = make_images(10), make_gan(penalties=[R1(1.0)], augmenter=AdaptiveAugment())
    snapshots = cb.ImageSnapshots(tmp_path, every=2, num_images=4)
    diagnosis = cb.Diagnosis(tmp_path, images, every_images=24)
    log = cb.TensorBoardLog(tmp_path, snapshots, diagnosis)
    callbacks = [snapshots, diagnosis, log, cb.Evaluate(tmp_path, images, every_images=20)]
    history = gan.fit(images, epochs=3, verbose=0, callbacks=callbacks).history
    events = EventAccumulator(str(tmp_path / "events"), size_guidance={"tensors": 0}).Reload()
    tags = set(events.Tags()["tensors"])
    kernels = [v for net in (gan.generator, gan.discriminator) for v in net.trainable_variables
               if len(v.shape) > 1]  # fmt: skip
    histograms = {tag for tag in tags if tag.startswith(("upsampling", "convolutional"))}
    assert len(histograms) == len(kernels) > 4
    signals = {tag for tag in tags if tag.startswith("diagnosis/")}
    assert signals == {f"diagnosis/{name}" for name in diagnosis.reading} != set()
    assert tags - histograms - signals == {
        "latents/shares_of_directions", "loss/discriminator", "loss/generator", "logits/real",
        "logits/fake", "gradient_norm/discriminator", "gradient_norm/generator", "penalty/r1",
        "augmentation/real_sign", "augmentation/augment_probability", "speed/images_per_second",
        "progress/epoch", "snapshots", "verdict", "metrics/kid (random-convolutions)",
    }  # fmt: skip

    def steps(tag):
        return [event.step for event in events.Tensors(tag)]

    losses = [tf.make_ndarray(event.tensor_proto) for event in events.Tensors("loss/generator")]
    np.testing.assert_allclose(losses, history["generator_loss"], rtol=1e-6)
    assert steps("loss/generator") == [3, 6, 9]
    assert steps("snapshots") == steps("verdict") == steps("diagnosis/coverage") == [6, 9]
    width, height, grid = tf.make_ndarray(events.Tensors("snapshots")[0].tensor_proto)
    assert int(width) == int(height) == 22  # Two and two images of 8x8, with margins of 2.
    np.testing.assert_array_equal(
        tf.io.decode_png(grid),
        tf.io.decode_png((tmp_path / "snapshots/epoch_00002.png").read_bytes()),
    )
    shares = tf.make_ndarray(events.Tensors("latents/shares_of_directions")[0].tensor_proto)
    assert shares[:, 2].sum() == 4  # One share for each of the latents' directions.
