"""The run directory: what lies where, who may write, and whether a run may resume in it."""

import contextlib
import datetime
import os
import pathlib
import platform
import shutil
import sys

import filelock

from tfgan_lab import __version__, run_layout
from tfgan_lab.files import SHA256_SUFFIX, read_json, remove_unfinished, write_json
from tfgan_lab.machine import (
    INTER_OP_THREADS,
    INTRA_OP_THREADS,
    processor_name,
    usable_cores,
)
from tfgan_lab.runs.settings.run_config import ConfigError
from tfgan_lab.runs.training.precision import resolve_precision

# What a run writes, and so what --overwrite removes. Anything else in the folder is not ours.
OWN = (
    run_layout.CONFIG,
    run_layout.LOG,
    run_layout.EVENTS,
    run_layout.SNAPSHOTS,
    run_layout.CHECKPOINTS,
    run_layout.HEALTHY,
    run_layout.FIGURES,
    run_layout.MAPS,
    run_layout.INVERSION,
    run_layout.INTERPOLATION,
    run_layout.GENERATOR,
    run_layout.GENERATOR + SHA256_SUFFIX,
    run_layout.LAST_GENERATOR,
    run_layout.LAST_GENERATOR + SHA256_SUFFIX,
    run_layout.RELEASED,
    run_layout.METRICS,
    run_layout.MISSING_MODES,
    run_layout.CLASSES,
    run_layout.READINGS,
    run_layout.REPORT,
    run_layout.TRANSLATION,
    run_layout.VERDICT,
    run_layout.SWEEP_RESULT,
)


# Environment variables that change TensorFlow's order of additions, and so the last bits.
DECIDING_VARIABLES = (
    "TF_ENABLE_ONEDNN_OPTS",
    INTRA_OP_THREADS,
    INTER_OP_THREADS,
    "OMP_NUM_THREADS",
    "TF_XLA_FLAGS",
)


class RunDirectory:
    """A directory that holds one run.

    Args:
        path: where; made by ``open``.

    Attributes:
        path: ``pathlib.Path``.
    """

    def __init__(self, path):
        self.path = pathlib.Path(path)

    @property
    def config_file(self) -> pathlib.Path:
        """Every resolved setting, versions and commands."""
        return self.path / run_layout.CONFIG

    @contextlib.contextmanager
    def lock(self):
        """Holds the directory for this process; the system lets go of it if the process dies.

        Raises:
            ConfigError: another process holds it, nothing can be written there, or it was removed
                while it was held.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self.path / run_layout.LOCK)
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise ConfigError(
                f"Expected --run_dir to be free, but another process is training in {self.path}. "
                "Wait for it, stop it, or name another directory"
            ) from None
        except OSError as error:
            raise ConfigError(
                f"Expected --run_dir to be a directory that can be written to. Received: "
                f"{self.path} ({error.strerror})"
            ) from error
        try:
            remove_unfinished(self.path)
            yield self
        except OSError as error:
            if (self.path / run_layout.LOCK).exists():
                raise
            raise ConfigError(
                f"Expected {self.path} to stay while a run is in it. Received: it was removed "
                "meanwhile; the same command starts over"
            ) from error
        finally:
            lock.release()

    def open(self, config, data, overwrite=False):
        """Starts a run here, or checks that the run here is the same and resumes.

        Args:
            config: ``RunConfig``.
            data: dict that describes the images: number and fingerprint.
            overwrite: whether to remove a run that is here, and start over.

        Returns:
            List of plain sentences about what differs from last time and may change the bits.

        Raises:
            ConfigError: another run is here; the message names the settings that differ.
        """
        if overwrite:
            self.remove_run()
        session = _session()
        if not self.config_file.exists():
            leftover = next((name for name in OWN if (self.path / name).exists()), None)
            if leftover:
                raise ConfigError(
                    f"Expected {run_layout.CONFIG} beside {leftover} in {self.path}: it is the "
                    "remains of a run. --overwrite removes them"
                )
            record = {"settings": config.to_dict(), "data": data, "sessions": [session]}
            write_json(self.config_file, record)
            return []
        self.check_settings(config)
        record = read_record(self.path)
        self._check_data(data, record)
        warnings = _machine_differences(record["sessions"][-1], session)
        record["settings"] = config.to_dict()
        record["sessions"].append(session)
        write_json(self.config_file, record)
        return warnings

    def rollbacks(self) -> list:
        """What was changed when the run went back, oldest first.

        Returns:
            List of dicts with ``images``, ``back_to_images``, ``verdict`` and ``changes``, a dict
            of setting to its old and its new value; empty where there is no run.
        """
        return read_record(self.path).get("rollbacks", []) if self.config_file.exists() else []

    def num_classes(self) -> int:
        """Number of classes of the run's images; 0 for a run without."""
        return num_classes_of(read_record(self.path))

    def note_rollback(self, entry):
        """Writes down that the run went back, and what was changed.

        Args:
            entry: dict as ``rollbacks`` returns.
        """
        record = read_record(self.path)
        record["rollbacks"] = [*record.get("rollbacks", []), entry]
        write_json(self.config_file, record)

    def remove_run(self):
        """Removes what a run has written here, and nothing else."""
        for name in OWN:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def check_settings(self, config):
        """Checks that a run that is here has these settings; without one there is nothing to check.

        Args:
            config: ``RunConfig``.

        Raises:
            ConfigError: another run is here; the message names the settings that differ, or those
                that a later version wrote.
        """
        if not self.config_file.exists():
            return
        record = read_record(self.path)
        config.check_known(record)
        differing = config.differences(record["settings"])
        if differing:
            listed = ", ".join(
                f"--{name} is {mine!r} but was {theirs!r}"
                for name, (mine, theirs) in differing.items()
            )
            raise ConfigError(
                f"Expected the settings of the run in {self.path}: {listed}. Give those, name "
                "another --run_dir, or start over with --overwrite"
            )

    def _check_data(self, data, record):
        if data != record["data"]:
            raise ConfigError(
                f"Expected the {record['data']['num_images']} images that the run in "
                f"{self.path} began with. Received: {data['num_images']}, not all the same. "
                "Restore them, name another --run_dir, or start over with --overwrite"
            )


def read_record(path) -> dict:
    """Reads a run's ``config.json``.

    Args:
        path: of the run.

    Returns:
        Dict with ``settings``, ``data`` and ``sessions``.

    Raises:
        FileNotFoundError: there is no run.
        ValueError: the file is damaged, or not written by tfgan_lab.
    """
    path = pathlib.Path(path)
    file = path / run_layout.CONFIG
    if not file.exists():
        raise FileNotFoundError(f"Expected a run in {path}. Received: no {file.name} there")
    record = read_json(file)
    if not _is_record(record):
        raise ValueError(
            f"Expected settings, data and sessions in {file}. Received: a file "
            "that this package did not write"
        )
    return record


def _is_record(record):
    """Whether it is shaped like what ``RunDirectory.open`` writes."""
    if not isinstance(record, dict):
        return False
    parts = [record.get(name) for name in ("settings", "data", "sessions")]
    lists = [parts[2], record.get("rollbacks", [])]
    return (
        all(isinstance(part, dict) for part in parts[:2])
        and all(isinstance(entries, list) for entries in lists)
        and all(isinstance(entry, dict) for entries in lists for entry in entries)
        and bool(parts[2])
        and isinstance(parts[1].get("class_names", []), list)
        and all(_are_changes(entry.get("changes")) for entry in lists[1])
    )


def _are_changes(changes):
    """Whether it is what a rollback changed: pairs of an old and a new value by name."""
    return isinstance(changes, dict) and all(
        isinstance(pair, list) and len(pair) == 2 for pair in changes.values()
    )


def num_classes_of(record) -> int:
    """Number of classes of a run's images; 0 for a run without.

    Args:
        record: what ``read_record`` returned.
    """
    return len(record["data"].get("class_names", ()))


def _session():
    """When, by what command, and with everything that decides on the last bits."""
    import keras
    import numpy as np
    import tensorflow as tf

    return {
        "began": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "command": sys.argv,
        "versions": {
            "tfgan_lab": __version__,
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        },
        "machine": {
            "processor": processor_name(),
            "usable_cores": usable_cores(),
            "intra_op_threads": tf.config.threading.get_intra_op_parallelism_threads(),
            "inter_op_threads": tf.config.threading.get_inter_op_parallelism_threads(),
            "auto_precision": resolve_precision("auto")[0],
            "devices": [device.device_type for device in tf.config.list_physical_devices()],
        }
        | {name: os.environ.get(name, "unset") for name in DECIDING_VARIABLES},
    }


def _machine_differences(before, now):
    sentences = []
    for group in ("versions", "machine"):
        for name, value in now[group].items():
            old = before.get(group, {}).get(name)
            if old != value:
                sentences.append(
                    f"{name} is {value} but was {old}: the run resumes, but not to the same bits."
                )
    return sentences
