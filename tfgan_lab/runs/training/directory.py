"""The run directory: who may write in it, and whether a run may resume there."""

import contextlib
import pathlib
import shutil

import filelock

from tfgan_lab import run_layout
from tfgan_lab.files import SHA256_SUFFIX, remove_unfinished, write_json
from tfgan_lab.runs.settings.run_config import ConfigError
from tfgan_lab.runs.training.run_record import read_record
from tfgan_lab.runs.training.sessions import differences, this_session

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
        session = this_session()
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
        notes = differences(record["sessions"][-1], session)
        record["settings"] = config.to_dict()
        record["sessions"].append(session)
        write_json(self.config_file, record)
        return notes

    def rollbacks(self) -> list:
        """What was changed when the run went back, oldest first.

        Returns:
            List of dicts with ``images``, ``back_to_images``, ``verdict`` and ``changes``, a dict
            of setting to its old and its new value; empty where there is no run.
        """
        return read_record(self.path).get("rollbacks", []) if self.config_file.exists() else []

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
