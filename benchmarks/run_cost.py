"""What a run costs around its steps: logs, snapshots, diagnosis, checkpoints.

    python -m benchmarks.run_cost [--preset=from-scratch] [--epochs=60] [--table=FILE]

Trains as `tfgan-lab train` does, on drawn plates, and takes the time that every part spends in its
callbacks. A part's first time, in which TensorFlow compiles what it needs, is left out.
"""

import collections
import statistics
import tempfile
import time

from absl import app, flags

from benchmarks import harness
from tfgan_lab import callbacks as cb
from tfgan_lab.markdown import table_lines
from tfgan_lab.runs import RunConfig, train

FLAGS = flags.FLAGS
flags.DEFINE_string("preset", "from-scratch", "what to train")
flags.DEFINE_integer("image_size", 64, "height and width of the plates")
flags.DEFINE_integer("epochs", 60, "passes; the longer, the more often every part has its turn")

PARTS = {
    "guard against values that aren't finite": cb.FiniteGuard,
    "`log.csv`": cb.CsvLog,
    "TensorBoard": cb.TensorBoardLog,
    "snapshots": cb.ImageSnapshots,
    "diagnosis": cb.Diagnosis,
    "the generator's release": cb.GeneratorRelease,
    "checkpoints": cb.Checkpoints,
}
HOOKS = ("on_train_batch_end", "on_epoch_end")
NOTICED = 1e-3  # seconds; a call that took less did nothing but look whether it was its turn


def time_hooks() -> dict:
    """Makes every part note how long its hooks take.

    Returns:
        Dict of part to the list of seconds that its calls took, filled while a model trains.
    """
    seconds = collections.defaultdict(list)

    def timed(hook, calls):
        def run(*arguments, **more):
            began = time.perf_counter()
            hook(*arguments, **more)
            calls.append(time.perf_counter() - began)

        return run

    for part, callback in PARTS.items():
        for hook in HOOKS:
            setattr(callback, hook, timed(getattr(callback, hook), seconds[part]))
    return seconds


def parts_table(seconds, total) -> list:
    """Markdown: how often each part had its turn, how long it took, and its share of the time.

    Args:
        seconds: what ``time_hooks`` returned.
        total: float, seconds of the whole training.
    """
    rows = []
    for part, calls in seconds.items():
        turns = [call for call in calls if call >= NOTICED]
        usual = statistics.median(turns[1:]) if turns[1:] else 0.0
        looks = sum(call for call in calls if call < NOTICED)
        share = (usual * len(turns) + looks) / total
        rows.append([part, len(turns), f"{1000 * usual:.1f}", f"{share:.2%}"])
    return table_lines(["part", "turns", "milliseconds each", "share of the time"], rows)


def main(_):
    """Measures and reports."""
    seconds = time_hooks()
    with tempfile.TemporaryDirectory() as folder:
        config = RunConfig.from_preset(
            FLAGS.preset,
            drawn="plates",
            image_size=FLAGS.image_size,
            epochs=FLAGS.epochs,
            run_dir=folder,
        )
        began = time.perf_counter()
        model, images = train(config, verbose=0)
        total = time.perf_counter() - began
    whole = (
        f"{FLAGS.preset}, {FLAGS.image_size} px, {len(images)} plates, "
        f"{int(model.step.numpy()):,} steps in {total:,.0f} seconds."
    )
    harness.report("run_cost", parts_table(seconds, total), [whole], in_turn=False)


if __name__ == "__main__":
    app.run(main)
