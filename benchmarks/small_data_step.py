"""What a step of ``small-data`` costs, and what each of its parts adds.

    python -m benchmarks.small_data_step [--sizes=32,64] [--rounds=5] [--seconds=4]

Whole steps with the pipeline, ``small-data`` and the same with one setting changed; measured in
turn, back and forth, so that a slow minute of the machine hits all. Prints pictures per second and
the median of the rounds' ratios to ``small-data``. --table=FILE writes FILE.md.
"""

import pathlib
import statistics
import time

from absl import app, flags

from tfgan_lab.runs import RunConfig, build_model, load_pictures

FLAGS = flags.FLAGS
flags.DEFINE_list("sizes", ["32", "64"], "heights of the pictures in pixels")
flags.DEFINE_integer("rounds", 5, "times that each way is measured", lower_bound=1)
flags.DEFINE_float("seconds", 4.0, "about how long one measurement takes")
flags.DEFINE_string("table", "", "write FILE.md")

WAYS = {
    "small-data": {},
    "without penalties": {"r1_gamma": 0.0, "r2_gamma": 0.0},
    "penalties on the whole batch": {"penalty_share": 1.0},
    "the same by finite differences": {"penalty_share": 1.0, "approximate_sigma": 0.01},
    "real and fake apart": {"joint_batch": False},
    "both updates from one pass": {"single_pass": True},
    "without DiffAugment": {"diff_augment_translation": 0.0},
    "batch 32": {"batch_size": 32},
    "mixed_bfloat16": {"precision": "mixed_bfloat16"},
    "11 steps a call": {"steps_per_execution": 11},
}


def make_way(size, settings):
    """A function that trains for some steps, compiled already; and its batch size."""
    config = RunConfig.from_preset("small-data", drawn="plates", image_size=size, **settings)
    dataset = load_pictures(config).dataset()
    model = build_model(config)

    def train(num_steps):
        model.fit(dataset, steps_per_epoch=num_steps, verbose=0)

    train(11)
    return train, config.batch_size


def measure(size):
    """Pictures per second of every way in every round: dict of name to list."""
    ways = {name: make_way(size, settings) for name, settings in WAYS.items()}
    num_images = {}
    for name, (train, batch_size) in ways.items():
        began = time.perf_counter()
        train(11)
        steps = FLAGS.seconds * 11 / (time.perf_counter() - began)
        num_images[name] = max(1, round(steps / 11)) * 11 * batch_size
    speeds = {name: [] for name in ways}
    for index in range(FLAGS.rounds):
        for name in list(ways)[:: -1 if index % 2 else 1]:
            train, batch_size = ways[name]
            began = time.perf_counter()
            train(num_images[name] // batch_size)
            speeds[name].append(num_images[name] / (time.perf_counter() - began))
    return speeds


def main(argv):
    """Measures and prints."""
    del argv
    lines = ["<!-- Written by benchmarks/small_data_step.py. -->"]
    for size in FLAGS.sizes:
        speeds = measure(int(size))
        lines += ["", f"| {size} px | pictures per second | ratio |", "|---|---|---|"]
        for name, values in speeds.items():
            ratios = [mine / base for mine, base in zip(values, speeds["small-data"], strict=True)]
            lines.append(
                f"| {name} | {statistics.median(values):.0f} | {statistics.median(ratios):.2f} |"
            )
    print("\n".join(lines))
    if FLAGS.table:
        pathlib.Path(f"{FLAGS.table}.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    app.run(main)
