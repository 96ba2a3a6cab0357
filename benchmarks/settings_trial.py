"""Does every combination of settings train, or is it refused with one sentence? Draws many.

    python -m benchmarks.settings_trial --count=1000 --seed=0 --work_dir=FOLDER

What is accepted trains two steps. Of every accepted combination one setting is then left out: what
comes of it must be another training, or none; else the setting was ignored in silence. What was
tried is kept, so that the command may be stopped and repeated. A thousand take about an hour.
"""

import contextlib
import io
import pathlib
import shutil
import sys
import time

import keras
import numpy as np
import tensorflow as tf
from absl import app, flags

from benchmarks.faults.trainings import labelled_images
from benchmarks.settings.combinations import draw
from benchmarks.settings.fingerprint import fingerprint
from tfgan_lab import callbacks as cb
from tfgan_lab.files import read_json, write_json
from tfgan_lab.runs import ConfigError, RunConfig, train, train_translation

FLAGS = flags.FLAGS
TRAINED, REFUSED = "trained", "refused"
STEPS = 2


class StopAfter(keras.callbacks.Callback):
    """Ends a training after some steps.

    Args:
        steps: int.
    """

    def __init__(self, steps):
        super().__init__()
        self._left = steps

    def on_train_batch_end(self, batch, logs=None):
        """Counts."""
        self._left -= 1
        if self._left <= 0:
            self.model.stop_training = True


def try_out(combination, run_dir, trains=True) -> tuple:
    """Trains a combination, or has it refused.

    Args:
        combination: ``Combination``.
        run_dir: path that isn't there.
        trains: whether to train what is accepted, and not only build it.

    Returns:
        (``"trained"``, ``"refused"`` or what went wrong, the sentence or "").
    """
    try:
        config = combination.config(run_dir)
        if trains:
            run = train if isinstance(config, RunConfig) else train_translation
            run(config, verbose=0, callbacks=[StopAfter(STEPS)])
        else:
            fingerprint(config)
    except (ConfigError, flags.Error) as error:
        sentence = " ".join(str(error).split())
        if run_dir.exists():
            return f"refused after work had begun: {sentence}", sentence
        clear = sentence.startswith(("Expected ", "flag --"))  # absl's sentences, and ours.
        return (REFUSED if clear else f"unclear: {sentence}"), sentence
    except cb.NonFiniteError as error:
        return TRAINED, str(error)  # Wild rates; it is said in a sentence, and nothing is saved.
    except Exception as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}", ""
    return TRAINED, ""


def ignored_setting(combination, rng) -> str:
    """Leaves one setting out; says its name where nothing changes.

    Args:
        combination: ``Combination`` that is accepted.
        rng: ``numpy.random.Generator`` that chooses the setting.
    """
    name = str(rng.choice(list(combination.given)))
    given = combination.config("run")
    try:
        without = combination.config("run", without=name)
        if getattr(without, name) == getattr(given, name):
            return ""  # It was given as it would have been anyway.
        return name if fingerprint(without) == fingerprint(given) else ""
    except ConfigError:
        return ""


def one(seed, index, folder, trains=True) -> dict:
    """Tries a combination, unless it was tried already.

    Args:
        seed: int, key of all combinations.
        index: int, its number.
        folder: path of the results.
        trains: see ``try_out``.

    Returns:
        Dict of ``flags``, ``outcome``, ``sentence`` and ``ignored``, the name of a setting or "".
    """
    path = folder / f"{seed}_{index:05d}.json"
    if path.exists():
        return read_json(path)
    combination = draw(seed, index, labelled_images(folder))
    run_dir = folder / "run"
    shutil.rmtree(run_dir, ignore_errors=True)
    with contextlib.redirect_stdout(io.StringIO()):
        outcome, sentence = try_out(combination, run_dir, trains)
        ignored = ""
        if outcome == TRAINED:
            ignored = ignored_setting(combination, np.random.default_rng((seed, index, 1)))
    shutil.rmtree(run_dir, ignore_errors=True)
    result = {"flags": " ".join(combination.words()), "outcome": outcome, "sentence": sentence}
    result["ignored"] = ignored
    write_json(path, result)
    return result


def two_devices() -> None:
    """Parts the processor in two, for --devices=2: only possible before anything is computed."""
    processor = tf.config.list_physical_devices("CPU")[0]
    parts = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(processor, parts)


def problem_of(result) -> str:
    """What is wrong with a combination, "" where nothing is."""
    if result["outcome"] not in (TRAINED, REFUSED):
        return f"{result['outcome']} ({result['flags']})"
    return f"--{result['ignored']} is ignored ({result['flags']})" if result["ignored"] else ""


def main(_):
    """Tries, prints, and leaves a row for the table of ``benchmarks.reliability``."""
    folder = pathlib.Path(FLAGS.work_dir).absolute()
    two_devices()
    began, problems, trained = time.monotonic(), [], 0
    for index in range(FLAGS.count):
        result = one(FLAGS.seed, index, folder / "combinations", FLAGS.train)
        trained += result["outcome"] == TRAINED
        problems.append(problem_of(result))
        if problems[-1]:
            print(f"{index}: {problems[-1]}", flush=True)
    print(f"{FLAGS.count} combinations: {trained} trained, {FLAGS.count - trained} not, "
          f"{FLAGS.count - problems.count('')} with a problem.")  # fmt: skip
    row = {
        "name": "settings",
        "fault": f"a random combination of settings; {trained} trained, the others were refused",
        "tried": FLAGS.count,
        "survived": problems.count(""),
        "lost": sorted(set(problems) - {""}),
        "seconds": round(time.monotonic() - began),
        "long": FLAGS.count >= 1000,
        "command": f"python -m benchmarks.settings_trial --count={FLAGS.count} --seed={FLAGS.seed}",
    }
    write_json(folder / "results" / "settings.json", row)
    if row["lost"]:
        sys.exit(1)


def define_flags():
    """Not on import: the functions above are used elsewhere, beside other flags."""
    flags.DEFINE_integer("count", 15, "number of combinations", lower_bound=1)
    flags.DEFINE_integer("seed", 0, "key of the combinations", lower_bound=0)
    flags.DEFINE_string("work_dir", "runs/reliability", "where results are, as for reliability")
    flags.DEFINE_bool("train", True, "train what is accepted, and don't only build it")


if __name__ == "__main__":
    define_flags()
    app.run(main)
