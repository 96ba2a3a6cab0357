"""What a step of ``from-scratch`` costs, and what each of its parts adds.

    python -m benchmarks.from_scratch_step [--sizes=32,64] [--rounds=5] [--seconds=4] [--table=FILE]

Whole steps with the pipeline, ``from-scratch``, the same written plainly
(``benchmarks.plain_step``), and the same with one setting changed.
"""

from absl import app, flags

from benchmarks import harness
from benchmarks.loops import preset_loop
from benchmarks.other_penalties import approximate_penalties, with_penalties
from benchmarks.plain_step import PLAIN
from tfgan_lab.runs.training.threads import choose_threads

FLAGS = flags.FLAGS
flags.DEFINE_list("sizes", ["32", "64"], "heights of the images in pixels")

BATCH = 8  # Steps count, not images: one way has larger steps.
LARGE = 32

APPROXIMATE = "the same by finite differences"
WAYS = {
    "from-scratch": {},
    "written plainly": PLAIN,
    "in float32": {"precision": "float32"},
    "without penalties": {"r1_gamma": 0.0, "r2_gamma": 0.0},
    "penalties on the whole batch": {"penalty_share": 1.0},
    APPROXIMATE: {"penalty_share": 1.0, "shared_gradients": False},
    "penalties in passes of their own": {"shared_gradients": False},
    "real and fake apart": {"concatenate_batches": False},
    "fresh images for the generator's update": {"schedule": "alternating"},
    "both updates from one pass": {"schedule": "simultaneous"},
    "without DiffAugment": {"diff_augment_translation": 0.0},
    f"batch {LARGE}, a step for every {LARGE // BATCH}": {"batch_size": LARGE},
}
CHANGES = {APPROXIMATE: lambda config, model: with_penalties(model, approximate_penalties(config))}


def main(argv):
    """Measures and reports."""
    del argv
    choose_threads(BATCH * max(map(int, FLAGS.sizes)) ** 2)
    tables = []
    for size in map(int, FLAGS.sizes):
        ways = {name: preset_loop("from-scratch", size, BATCH, CHANGES.get(name), **settings)
                for name, settings in WAYS.items()}  # fmt: skip
        speeds = harness.measure(ways, multiple_of=LARGE // BATCH)
        unit = "images per second"
        tables.append(harness.speed_table(f"{size} px", unit, speeds, BATCH, digits=0))
    harness.report("from_scratch_step", *tables)


if __name__ == "__main__":
    app.run(main)
