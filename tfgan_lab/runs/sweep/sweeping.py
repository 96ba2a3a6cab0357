"""Sweeps: some settings varied, everything else fixed, several seeds of each."""

import dataclasses
import functools
import itertools
import multiprocessing.connection
import pathlib
import re
import time

from tfgan_lab.console import duration
from tfgan_lab.runs.reading.run_evaluation import Request, check_request
from tfgan_lab.runs.settings.named_source import open_source
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.settings.validity import SOURCES
from tfgan_lab.runs.sweep.sweep_axes import checked_axis
from tfgan_lab.runs.sweep.sweep_worker import Job, TrainAndMeasure
from tfgan_lab.runs.training.directory import RunDirectory
from tfgan_lab.runs.training.interruption import stop_on_signals


@dataclasses.dataclass(frozen=True)
class SweepRun:
    """A run of a sweep.

    Args:
        labels: tuple of str, one for each axis.
        seed: int.
        varied: tuple of the names of all settings that the sweep varies.
        config: the run's ``RunConfig``.
    """

    labels: tuple
    seed: int
    varied: tuple
    config: RunConfig

    @property
    def name(self) -> str:
        """What it is called in tables: its labels, without the seed."""
        return ", ".join(self.labels) or "as given"

    def __str__(self):
        return f"{self.name}, seed {self.seed}"


def plan_sweep(settings, axes=(), seeds=(0,)) -> list:
    """Lays out a sweep: every combination of the axes, with every seed.

    Args:
        settings: dict of what all runs share, as for ``RunConfig.from_preset``, ``run_dir`` among
            them. A preset that chooses chooses for each run separately.
        axes: list of axes, see ``axis``: dicts of label to settings.
        seeds: ints from 0.

    Returns:
        List of ``SweepRun``, in the order of the axes, seeds within; their runs lie in
        ``run_dir/LABELS/seed_0`` and so on.

    Raises:
        ConfigError: a combination that can't be run, two that are the same run, or a setting that
            is in two axes. Nothing has been trained then.

    Example:
        >>> from tfgan_lab.runs import axis
        >>> runs = plan_sweep({"preset": "r2", "drawn": "plates", "run_dir": "runs/kernels"},
        ...                    [axis("kernel_size", [4, 6])], seeds=[0, 1])
        >>> print(runs[-1], runs[-1].config.run_dir, sep="; ")
        kernel_size=6, seed 1; runs/kernels/kernel_size=6/seed_1
    """
    if not settings.get("run_dir"):
        raise ConfigError("Expected --run_dir=FOLDER to write the runs to. Received: none")
    axes, seeds = [checked_axis(each) for each in axes], tuple(dict.fromkeys(seeds))
    varied = _varied(axes)
    runs, folders, configs = [], {}, {}
    for combination in itertools.product(*(axis.items() for axis in axes)):
        labels = tuple(label for label, _ in combination)
        chosen = {name: value for _, each in combination for name, value in each.items()}
        name = re.sub(r"[^\w.=+-]+", "_", "_".join(labels)).strip("_") or "as_given"
        folder = pathlib.Path(settings["run_dir"], name)
        if folders.setdefault(folder, labels) != labels:
            raise ConfigError(f"Expected labels that differ in letters or digits: {labels}")
        for seed in seeds:
            own = {"seed": seed, "run_dir": str(folder / f"seed_{seed}")}
            try:
                config = RunConfig.from_preset(**(settings | chosen | own))
            except ConfigError as error:
                raise ConfigError(f"{error} (in the run {', '.join(labels)})") from error
            run = SweepRun(labels, seed, varied, config)
            same = configs.setdefault(repr(config.to_dict() | {"run_dir": ""}), run)
            if same is not run:
                raise ConfigError(
                    "Expected runs that differ: what is varied has no effect here. "
                    f"Received: the same settings for {same} and {run}"
                )
            runs.append(run)
    if not runs:
        raise ConfigError("Expected at least one seed. Received: none")
    return runs


def run_sweep(runs, work=None, *, processes=1, retry_failed=False, overwrite=False) -> list:
    """Runs what has not been run yet, and returns everything's results.

    It may be killed at any moment; the same call resumes. A run that fails is noted with its
    reason, its directory stays, and the others continue. One whose process was killed is tried
    again by the next call.

    Args:
        runs: what ``plan_sweep`` returned.
        work: picklable callable that trains a ``RunConfig`` and returns its measures, a dict of
            name to float; a ``TrainAndMeasure`` unless given. Results of work with another ``repr``
            are recomputed, so make it a frozen dataclass.
        processes: int from 1. With 1, runs go in turn within this process; with more, so many at
            the same time, each in a process of its own whose output goes to ``output.txt`` in its
            run, on its share of the cores: the last bits depend on how many those are.
        retry_failed: whether to try once more what failed.
        overwrite: whether to remove the runs that are there and start over.

    Returns:
        List of dicts, one a run in their order, with ``name``, ``seed``, ``run_dir``, ``varied``
        (dict of the varied settings' values), ``status`` (``"done"`` or ``"failed"``),
        ``measures``, and ``error``, a sentence, where it failed.

    Raises:
        ConfigError: another sweep is in progress in the same folder, runs of other settings are
            there, or there are no images.
        TrainingInterrupted, KeyboardInterrupt: stopped; the same call resumes.

    Example:
        >>> results = run_sweep(plan_sweep({"drawn": "plates", "run_dir": "runs/seeds"},
        ...                                seeds=[0, 1, 2]))  # doctest: +SKIP
    """
    work = work or TrainAndMeasure()
    _check_sources(runs)
    if isinstance(request := getattr(work, "request", None), Request):
        check_request(request)
    with RunDirectory(pathlib.Path(runs[0].config.run_dir).parents[1]).lock():
        for run in runs:
            directory = RunDirectory(run.config.run_dir)
            if overwrite:
                directory.remove_run()
            directory.check_settings(run.config)  # No failed run: its result would be lost.
        jobs = [Job(run, work) for run in runs]
        waiting = [job for job in jobs if not job.is_over(retry_failed)]
        if len(waiting) < len(runs):
            print(f"{len(runs) - len(waiting)} of {len(runs)} runs are complete.", flush=True)
        report = functools.partial(_report, len(waiting), time.monotonic(), itertools.count(1))
        if processes > 1:
            _run_in_processes(waiting, processes, report)
        else:
            for number, job in enumerate(waiting, start=1):
                print(f"Run {number} of {len(waiting)}: {job.run}.", flush=True)
                report(job.run, job.do())
        return [job.result() for job in jobs]


def _check_sources(runs):
    """A wrong path is no failure of a run: nothing begins."""
    sources = {tuple(getattr(run.config, name) for name in SOURCES): run for run in runs}
    for run in sources.values():
        try:
            open_source(run.config.to_dict())
        except (OSError, ValueError) as error:
            raise ConfigError(str(error)) from error


def _run_in_processes(waiting, processes, report):
    waiting, running, asked_to_stop = list(waiting), {}, False
    with stop_on_signals() as should_stop:
        try:
            while running or (waiting and not asked_to_stop):
                while waiting and len(running) < processes and not asked_to_stop:
                    job = waiting.pop(0)
                    print(f"Begins, {len(waiting)} waiting: {job.run}.", flush=True)
                    running[job] = job.start_process(processes)
                multiprocessing.connection.wait(
                    [process.sentinel for process in running.values()], timeout=0.2
                )
                if should_stop() and not asked_to_stop:
                    asked_to_stop = True
                    for process in running.values():
                        process.terminate()
                for job in [job for job, each in running.items() if not each.is_alive()]:
                    exit_code = running.pop(job).exitcode
                    if not asked_to_stop:
                        report(job.run, job.result() or job.record_crash(exit_code))
        finally:
            for process in running.values():
                process.kill()
    if asked_to_stop:
        from tfgan_lab.callbacks import TrainingInterrupted

        raise TrainingInterrupted("Stopped; every run in progress is saved.")


def _report(total, began, numbers, run, result):
    """Says how a run came out, and how long the others may take."""
    if result["status"] == "failed":
        print(f"Failed: {run}: {result['error']}", flush=True)
    else:
        shown = ", ".join(f"{name} {value:.4g}" for name, value in result["measures"].items())
        print(f"Done: {run}: {shown}.", flush=True)
    done = next(numbers)
    if done < total:
        left = (time.monotonic() - began) / done * (total - done)
        print(f"{done} of {total} runs, about {duration(left)} left.", flush=True)


def _varied(axes):
    names = []
    for settings in axes:
        mine = {name for each in settings.values() for name in each}
        twice = mine & set(names)
        if twice:
            raise ConfigError(
                f"Expected every setting in one axis only. Received: {', '.join(sorted(twice))}"
            )
        names += sorted(mine)
    return tuple(names)
