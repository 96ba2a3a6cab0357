"""One run of a sweep: trained, measured, and its result written down; here or in a process."""

import dataclasses
import math
import multiprocessing
import os
import pathlib
import sys
import threading
import traceback

import filelock
import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.files import read_json, write_json
from tfgan_lab.machine import INTRA_OP_THREADS, usable_cores
from tfgan_lab.runs.reading.run_evaluation import Request, evaluate_run

LOCK_SECONDS = 30.0  # A run whose sweep was killed needs a moment to end.

# Where a run lies makes it no other run.
_PLACES = ("run_dir", "data_dir")


@dataclasses.dataclass(frozen=True)
class TrainAndMeasure:
    """Trains a configuration and evaluates its generator: what a sweep does unless told otherwise.

    Args:
        request: ``Request``, what to measure and how.
        verbose: as of ``train``.

    Example:
        >>> TrainAndMeasure(Request(metrics=("kid",))).request.features
        'random'
    """

    request: Request = Request(metrics=("kid", "coverage", "diversity"))
    verbose: int | str = dataclasses.field(default="auto", repr=False)

    def __call__(self, config) -> dict:
        """Trains, or resumes; returns measures by name, for drawn plates the modes found too."""
        from tfgan_lab.runs.training.latent_training import train

        train(config, verbose=self.verbose)
        values = {each.metric: each.value for each in evaluate_run(config.run_dir, self.request)}
        return values | modes_found(config, self.request.num_fakes or 1000)


def modes_found(config, num_fakes=1000) -> dict:
    """Counts the modes among the images of a run's generator, where they can be counted.

    Args:
        config: ``RunConfig`` of a run that is complete.
        num_fakes: int, generated images.

    Returns:
        Dict of ``modes`` to a float, or empty where the images are not drawn, or too small.
    """
    if config.drawn != "plates" or config.image_size < 32:
        return {}
    from tfgan_lab.data.drawn.plates_reader import CLEAR_DISTANCE, NUM_MODES, read_modes
    from tfgan_lab.metrics import count_modes
    from tfgan_lab.runs.reading.generation import draw_latents, open_generator

    generator = open_generator(config.run_dir)
    labels = np.arange(num_fakes) % generator.num_classes if config.conditional else None
    fakes = generator.generate(draw_latents(generator.latents, num_fakes, config.seed), labels)
    modes, distances = read_modes(fakes, return_distances=True)
    clear = modes[distances < CLEAR_DISTANCE]
    return {"modes": float(count_modes(clear, NUM_MODES).num_found) if len(clear) else 0.0}


def read_result(run, work):
    """The result of a run, if it is complete and of these settings and this work.

    Args:
        run: ``SweepRun``.
        work: see ``run_sweep``.

    Returns:
        Dict, see ``run_sweep``, or ``None``.
    """
    path = pathlib.Path(run.config.run_dir) / run_layout.SWEEP_RESULT
    if not path.exists():
        return None
    entry = read_json(path)
    if entry["settings"] != _settings(run) or entry["work"] != repr(work):
        return None
    return _described(run) | {name: entry[name] for name in ("status", "measures", "error")}


def is_over(run, work, retry_failed=False) -> bool:
    """Whether a sweep that is begun again has nothing left to do for a run.

    Args:
        run: ``SweepRun``.
        work: see ``run_sweep``.
        retry_failed: whether to try once more what failed.
    """
    result = read_result(run, work)
    if result is None or result["status"] == "done":
        return result is not None
    entry = read_json(pathlib.Path(run.config.run_dir) / run_layout.SWEEP_RESULT)
    return not (retry_failed or entry.get("try_again"))


def work_on(run, work) -> dict:
    """Does the work for a run in this process, and writes down its result.

    Args:
        run: ``SweepRun``.
        work: see ``run_sweep``.

    Returns:
        Dict, see ``run_sweep``.
    """
    from tfgan_lab.callbacks import TrainingInterrupted

    path = pathlib.Path(run.config.run_dir) / run_layout.SWEEP_RESULT
    path.unlink(missing_ok=True)
    try:
        _wait_for_lock(path.parent)
    except filelock.Timeout:
        sentence = f"Another process has had its folder for {LOCK_SECONDS:.0f} seconds."
        return _write(run, work, {}, sentence, try_again=True)
    try:
        measures = {name: float(value) for name, value in work(run.config).items()}
    except TrainingInterrupted:
        raise
    except Exception as error:
        sentence = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return _write(run, work, {}, sentence, traceback.format_exc())
    write_hparams(run, measures)
    return _write(run, work, measures)


def record_crash(run, work, exit_code) -> dict:
    """Writes down that a run's process ended without a result.

    What was killed may resume another time: somebody may have meant the sweep, or another process
    may have taken the memory.

    Args:
        run: ``SweepRun``.
        work: see ``run_sweep``.
        exit_code: int; negative for the number of a signal.
    """
    was_killed = exit_code < 0
    how = f"killed by signal {-exit_code}" if was_killed else f"exit code {exit_code}"
    sentence = f"Its process ended without a result ({how}); {run_layout.SWEEP_OUTPUT} may say why."
    return _write(run, work, {}, sentence, try_again=was_killed)


def start_process(run, work, processes):
    """Starts a process that does the work for a run, on its share of the cores.

    Args:
        run: ``SweepRun``.
        work: see ``run_sweep``.
        processes: int, how many run at the same time.

    Returns:
        ``multiprocessing.Process``. It ends when this process does, however that ends.
    """
    # Not forked: TensorFlow's threads don't survive it.
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_child, args=(run, work, processes), daemon=True)
    process.start()
    return process


def write_hparams(run, measures) -> None:
    """Writes the varied settings and the measures for TensorBoard's HParams view.

    The seeds of one combination are one group there, of which it shows the mean.

    Args:
        run: ``SweepRun``.
        measures: dict of name to float.
    """
    import tensorflow as tf
    from tensorboard.plugins.hparams import api

    folder = pathlib.Path(run.config.run_dir) / run_layout.EVENTS
    writer = tf.summary.create_file_writer(str(folder), filename_suffix=".hparams")
    with writer.as_default(step=0):
        api.hparams(varied_settings(run), trial_id=run.name)
        for name, value in measures.items():
            tf.summary.scalar(f"sweep/{name}", value)
    writer.close()


def varied_settings(run) -> dict:
    """The values of the settings that the sweep varies, lists as text.

    Args:
        run: ``SweepRun``.
    """
    values = {name: getattr(run.config, name) for name in run.varied}
    return {
        name: "x".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def _child(run, work, processes):
    """What a process does; it must not outlive the sweep, which would find its run locked."""
    folder = pathlib.Path(run.config.run_dir)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / run_layout.SWEEP_OUTPUT, "ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit_threads(processes)
    from tfgan_lab.callbacks import TrainingInterrupted

    try:
        work_on(run, work)
    except (TrainingInterrupted, KeyboardInterrupt):
        sys.exit(130)


def _end_with_parent():
    multiprocessing.parent_process().join()
    os._exit(1)


def _limit_threads(processes):
    """Shares the cores, unless the environment says how many threads there are to be."""
    if processes == 1:
        return
    threads = max(1, usable_cores() // processes)
    os.environ.setdefault(INTRA_OP_THREADS, str(threads))


def _wait_for_lock(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder / run_layout.LOCK, timeout=LOCK_SECONDS):
        pass


def _write(run, work, measures, error="", trace="", try_again=False):
    entry = {
        "status": "failed" if error else "done",
        "measures": {name: value for name, value in measures.items() if math.isfinite(value)},
        "error": error,
    }
    details = {
        "settings": _settings(run),
        "work": repr(work),
        "traceback": trace,
        "try_again": try_again,
    }
    write_json(pathlib.Path(run.config.run_dir) / run_layout.SWEEP_RESULT, entry | details)
    return _described(run) | entry


def _described(run):
    return {
        "name": run.name,
        "seed": run.seed,
        "run_dir": run.config.run_dir,
        "varied": varied_settings(run),
    }


def _settings(run):
    settings = run.config.to_dict()
    return {name: value for name, value in settings.items() if name not in _PLACES}
