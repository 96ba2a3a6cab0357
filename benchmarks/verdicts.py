"""Are failures named right, and healthy trainings left alone? Runs whose outcome is known.

    python -m benchmarks.verdicts --work_dir=FOLDER [--runs=NAME,...] [--seeds=2] [--table=FILE]

Every run is trained with ``callbacks.Diagnosis`` and leaves its readings in --work_dir, and all of
them stand in FILE.csv beside the table; a run that is complete is not repeated, and judging again
after a change of thresholds takes no training. Who changes signals or settings removes FILE.csv.
Failures are made by wrong settings and wrong data, never by faking a signal. Runs of the first four
seeds may move the thresholds (``benchmarks.thresholds``); later ones only tell how good they are.
"""

import math
import pathlib

from absl import app, flags

from benchmarks.known_runs import RUNS, load
from benchmarks.recorded_readings import read_readings, write_readings
from benchmarks.tables import chosen, write_table
from benchmarks.threads import limit_threads
from benchmarks.thresholds import choose_thresholds, moved_thresholds
from benchmarks.verdict_scores import CHOOSING, confusion, score
from tfgan_lab import callbacks as cb
from tfgan_lab.diagnosis.failures import FAILURES
from tfgan_lab.files import read_json, write_json
from tfgan_lab.runs import RunConfig, build_model

FLAGS = flags.FLAGS
flags.DEFINE_string("work_dir", "runs/verdicts", "where the readings are")
flags.DEFINE_string("data_dir", "", "folder of folders of real images, for the runs on them")
flags.DEFINE_list("runs", [], "names of runs; all unless given")
flags.DEFINE_integer("seeds", 2, "seeds of every run, besides those recorded", lower_bound=1)
flags.DEFINE_integer("images", 20_000, "training images of a run")
flags.DEFINE_integer("every", 1_000, "training images between two readings")
flags.DEFINE_integer("image_size", 32, "height and width of the images")


def train(name, seed):
    """Trains a run, if it isn't there, and returns its readings."""
    run = RUNS[name]
    folder = pathlib.Path(FLAGS.work_dir) / f"{name.replace(' ', '_').replace(',', '')}_{seed}"
    if not (folder / "complete.json").exists():
        shared = {"preset": "from-scratch", "drawn": "plates"}
        settings = shared | {"image_size": FLAGS.image_size, "seed": seed}
        config = RunConfig.from_preset(**(settings | run.settings))
        images, held_out = load(run, config, FLAGS.data_dir)
        images = images if run.change is None else run.change(images, FLAGS.images)
        callback = cb.Diagnosis(folder, images, held_out=held_out, every_images=FLAGS.every)
        images = images if run.narrow is None else run.narrow(images)
        epochs = math.ceil(FLAGS.images * run.until / images.steps_per_epoch / images.batch_size)
        build_model(config).fit(images, epochs=epochs, verbose=0, callbacks=[callback])
        write_json(folder / "complete.json", {"name": name, "seed": seed})
    return read_json(folder / "verdict.json")["readings"]


def main(_):
    """Trains, judges, prints."""
    limit_threads()
    possible = [name for name in RUNS if FLAGS.data_dir or not RUNS[name].source]
    names = chosen(FLAGS.runs or possible, RUNS, "--runs")
    recorded = read_readings(f"{FLAGS.table}.csv") if FLAGS.table else {}
    readings, scores = {}, {}
    for name in names:
        for seed in range(FLAGS.seeds):
            if (name, seed) not in recorded:
                recorded[name, seed] = train(name, seed)
        readings[name] = [recorded[key] for key in sorted(recorded) if key[0] == name]
        scores[name] = [score(RUNS[name], each) for each in readings[name]]
        print(name, scores[name], flush=True)

    def count_right(failures):
        first = [(name, each) for name in names for each in readings[name][:CHOOSING]]
        return sum(score(RUNS[name], each, failures).is_right for name, each in first)

    moved = moved_thresholds(FAILURES, choose_thresholds(FAILURES, count_right))
    write_table("verdicts", confusion(RUNS, scores, moved))
    if FLAGS.table:
        write_readings(f"{FLAGS.table}.csv", recorded)


if __name__ == "__main__":
    app.run(main)
