"""How the cost of ``from-scratch`` grows: image size, batch, networks' width, number of images.

    python -m benchmarks.growth [--rounds=3] [--seconds=4] [--table=FILE]

Every point is trained in a process of its own, in turn, as often as there are rounds. Memory is
what the process holds after training that the system couldn't take back: images beyond 256 MB lie
in a file. The numbers of images are made of 500 drawn plates, which come again and again. Writes
FILE.md and FILE.png.
"""

import itertools
import json
import pathlib
import statistics

from absl import app, flags
from matplotlib.figure import Figure

from benchmarks import harness
from benchmarks.tables import chosen
from tfgan_lab.markdown import table_lines

FLAGS = flags.FLAGS
flags.DEFINE_string("point", "", "measure this one here, in this process: JSON")
flags.DEFINE_list("axes", ["size", "batch", "width", "images"], "along what to measure")

DRAWN = 500
USUAL = {"size": 64, "batch": 8, "width": 1.0, "images": 345}
AXES = {
    "size": [32, 64, 128, 256],
    "batch": [4, 8, 16, 32, 64],
    "width": [0.5, 1.0, 2.0, 4.0],
    "images": [345, 1_000, 5_000, 20_000, 100_000],
}
LABELS = {
    "size": "height and width, pixels",
    "batch": "images in a step",
    "width": "channels, in those of the preset",
    "images": "number of images",
}


def measure_here(point) -> dict:
    """Trains a point for a while.

    Args:
        point: dict of ``USUAL``'s names.

    Returns:
        Dict of ``speed`` in images per second and ``memory`` in MB.
    """
    from tfgan_lab.data import ImageSet, plates
    from tfgan_lab.data.pixels import collect
    from tfgan_lab.runs import RunConfig, build_model

    usual = RunConfig.from_preset("from-scratch", drawn="plates", image_size=point["size"])
    widths = {
        name: tuple(round(point["width"] * width) for width in getattr(usual, name))
        for name in ("generator_widths", "discriminator_widths")
    }
    config = RunConfig.from_preset(
        "from-scratch",
        drawn="plates",
        image_size=point["size"],
        batch_size=point["batch"],
        **widths,
    )
    drawn = plates(min(DRAWN, point["images"]), image_size=point["size"]).images
    images = collect(itertools.islice(itertools.cycle(drawn), point["images"]))
    dataset = ImageSet(images, batch_size=point["batch"]).dataset()
    model = build_model(config)

    def train(num_steps):
        model.fit(dataset, steps_per_epoch=num_steps, verbose=0)

    (steps,) = harness.measure({"": train})[""]
    return {"speed": steps * point["batch"], "memory": held_megabytes()}


def held_megabytes() -> float:
    """Memory of this process that belongs to no file, in MB; Linux alone tells."""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    (kilobytes,) = [line.split()[1] for line in lines if line.startswith("RssAnon:")]
    return int(kilobytes) / 1024


def measure(point) -> dict:
    """As ``measure_here``, in a process of its own."""
    arguments = "--rounds=1", f"--seconds={FLAGS.seconds}", f"--point={json.dumps(point)}"
    return harness.in_own_process("growth", *arguments)


def points_along(axis) -> list:
    """The points of an axis: all else is as usual."""
    return [USUAL | {axis: value} for value in AXES[axis]]


def measure_rounds(axes) -> dict:
    """Medians of every axis' points.

    Returns:
        Dict of axis to a list of dicts, see ``measure_here``.
    """
    points = [(axis, point) for axis in axes for point in points_along(axis)]
    readings = [[] for _ in points]
    for index in range(FLAGS.rounds):
        for number in range(len(points))[:: -1 if index % 2 else 1]:
            readings[number].append(measure(points[number][1]))
    found = {axis: [] for axis in axes}
    for (axis, _), values in zip(points, readings, strict=True):
        median = {name: statistics.median(each[name] for each in values) for name in values[0]}
        found[axis].append(median)
    return found


def tables_of(found) -> list:
    """A table for each axis in Markdown; ratios are of speed to the usual point's."""
    tables = []
    for axis, medians in found.items():
        usual = medians[AXES[axis].index(USUAL[axis])]["speed"]
        rows = [
            [f"{value:,}", f"{each['speed']:,.1f}", f"{each['speed'] / usual:.2f}",
             f"{each['memory']:,.0f}"]
            for value, each in zip(AXES[axis], medians, strict=True)
        ]  # fmt: skip
        heads = [LABELS[axis], "images per second", "ratio", "memory, MB"]
        tables.append(table_lines(heads, rows))
    return tables


def draw(found) -> Figure:
    """Time for an image above, memory below, along every axis."""
    figure = Figure(figsize=(2.8 * len(found), 4.6), dpi=120, layout="constrained")
    rows = figure.subplots(2, len(found), squeeze=False, sharey="row")
    for column, (axis, medians) in zip(rows.T, found.items(), strict=True):
        times = [1000 / each["speed"] for each in medians]
        memory = [each["memory"] / 1000 for each in medians]
        for panel, values in zip(column, (times, memory), strict=True):
            panel.plot(AXES[axis], values, "o-")
            panel.set_xscale("log", base=10 if axis == "images" else 2)
            panel.grid(alpha=0.3)
        column[0].set_yscale("log")
        column[1].set_ylim(bottom=0)
        column[1].set_xlabel(LABELS[axis])
    rows[0, 0].set_ylabel("milliseconds for an image")
    rows[1, 0].set_ylabel("memory, GB")
    return figure


def main(_):
    """Measures and reports."""
    if FLAGS.point:
        print(json.dumps(measure_here(json.loads(FLAGS.point))))
        return
    found = measure_rounds(chosen(FLAGS.axes, AXES, "--axes"))
    if FLAGS.table:
        draw(found).savefig(f"{FLAGS.table}.png")
    harness.report("growth", *tables_of(found))


if __name__ == "__main__":
    app.run(main)
