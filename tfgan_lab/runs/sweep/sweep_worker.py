"""One run of a sweep: trained, measured, and its result written down; here or in a process."""

import dataclasses
import math
import multiprocessing
import os
import pathlib
import sys
import threading
import traceback
import typing

import filelock
import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.files import read_json, write_json
from tfgan_lab.machine import INTRA_OP_THREADS, usable_cores
from tfgan_lab.runs.reading.opening import open_run
from tfgan_lab.runs.reading.run_evaluation import Request

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
        evaluations = open_run(config.run_dir).evaluate(self.request)
        values = {each.metric: each.value for each in evaluations}
        return values | modes_found(config, self.request.num_fakes or 1000)


def modes_found(config, num_fakes):
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


@dataclasses.dataclass(frozen=True, eq=False)
class Job:
    """A run of a sweep, and what is to be done with it.

    Args:
        run: ``SweepRun``.
        work: see ``run_sweep``.
    """

    run: object
    work: typing.Callable

    @property
    def folder(self) -> pathlib.Path:
        """Where the run lies."""
        return pathlib.Path(self.run.config.run_dir)

    @property
    def _entry(self):
        """What is written down of the run, where it is of these settings and this work."""
        file = self.folder / run_layout.SWEEP_RESULT
        entry = read_json(file) if file.exists() else {}
        is_mine = entry.get("settings") == self._settings and entry.get("work") == repr(self.work)
        return entry if is_mine else {}

    @property
    def _settings(self):
        settings = self.run.config.to_dict()
        return {name: value for name, value in settings.items() if name not in _PLACES}

    def result(self) -> dict | None:
        """The result, see ``run_sweep``; ``None`` where it isn't complete."""
        entry = self._entry
        if not entry:
            return None
        return self._described(*(entry[name] for name in ("status", "measures", "error")))

    def is_over(self, retry_failed=False) -> bool:
        """Whether a sweep that is begun again has nothing left to do.

        Args:
            retry_failed: whether to try once more what failed.
        """
        entry = self._entry
        try_again = retry_failed or entry.get("try_again")
        return bool(entry) and (entry["status"] == "done" or not try_again)

    def do(self) -> dict:
        """Does the work in this process, and writes down and returns its result."""
        from tfgan_lab.callbacks import TrainingInterrupted

        (self.folder / run_layout.SWEEP_RESULT).unlink(missing_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with filelock.FileLock(self.folder / run_layout.LOCK, timeout=LOCK_SECONDS):
                pass
        except filelock.Timeout:
            sentence = f"Another process has had its folder for {LOCK_SECONDS:.0f} seconds."
            return self._write({}, sentence, try_again=True)
        try:
            measures = {name: float(value) for name, value in self.work(self.run.config).items()}
        except TrainingInterrupted:
            raise
        except Exception as error:
            sentence = f"{type(error).__name__}: {' '.join(str(error).split())}"
            return self._write({}, sentence, traceback.format_exc())
        self._write_hparams(measures)
        return self._write(measures)

    def record_crash(self, exit_code) -> dict:
        """Writes down that the run's process ended without a result.

        What was killed may resume another time: somebody may have meant the sweep, or another
        process may have taken the memory.

        Args:
            exit_code: int; negative for the number of a signal.
        """
        was_killed = exit_code < 0
        how = f"killed by signal {-exit_code}" if was_killed else f"exit code {exit_code}"
        sentence = (
            f"Its process ended without a result ({how}); {run_layout.SWEEP_OUTPUT} may say why."
        )
        return self._write({}, sentence, try_again=was_killed)

    def start_process(self, processes):
        """Starts a process that does the work on its share of the cores.

        Args:
            processes: int, how many run at the same time.

        Returns:
            ``multiprocessing.Process``. It ends when this process does, however that ends.
        """
        # Not forked: TensorFlow's threads don't survive it.
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_child, args=(self, processes), daemon=True)
        process.start()
        return process

    def _write_hparams(self, measures):
        """Writes what was varied and measured for TensorBoard's HParams view.

        The seeds of one combination are one group there, of which it shows the mean.
        """
        import tensorflow as tf
        from tensorboard.plugins.hparams import api

        from tfgan_lab.callbacks.writing import Events

        events = Events(self.folder, ".hparams")
        with events.at(step=0):
            api.hparams(self._varied, trial_id=self.run.name)
            for name, value in measures.items():
                tf.summary.scalar(f"sweep/{name}", value)
        events.close()

    @property
    def _varied(self):
        """The values of the settings that the sweep varies, lists as text."""
        values = {name: getattr(self.run.config, name) for name in self.run.varied}
        return {
            name: "x".join(map(str, value)) if isinstance(value, tuple) else value
            for name, value in values.items()
        }

    def _write(self, measures, error="", trace="", try_again=False):
        measures = {name: value for name, value in measures.items() if math.isfinite(value)}
        result = self._described("failed" if error else "done", measures, error)
        details = {
            "settings": self._settings,
            "work": repr(self.work),
            "traceback": trace,
            "try_again": try_again,
        }
        write_json(self.folder / run_layout.SWEEP_RESULT, result | details)
        return result

    def _described(self, status, measures, error):
        return {
            "name": self.run.name,
            "seed": self.run.seed,
            "run_dir": self.run.config.run_dir,
            "varied": self._varied,
            "status": status,
            "measures": measures,
            "error": error,
        }


def _child(job, processes):
    """What a process does; it must not outlive the sweep, which would find its run locked."""
    job.folder.mkdir(parents=True, exist_ok=True)
    with open(job.folder / run_layout.SWEEP_OUTPUT, "ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if processes > 1:  # Unless the environment says how many threads there are to be.
        os.environ.setdefault(INTRA_OP_THREADS, str(max(1, usable_cores() // processes)))
    from tfgan_lab.callbacks import TrainingInterrupted

    try:
        job.do()
    except (TrainingInterrupted, KeyboardInterrupt):
        sys.exit(130)


def _end_with_parent():
    multiprocessing.parent_process().join()
    os._exit(1)
