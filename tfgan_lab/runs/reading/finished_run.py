"""What every run directory tells, whatever kind of run it holds."""

import functools
import pathlib

from tfgan_lab import run_layout
from tfgan_lab.callbacks.checkpoints import Checkpoints
from tfgan_lab.callbacks.csv_log import read_log, row_at
from tfgan_lab.diagnosis.verdict import Verdict
from tfgan_lab.files import read_json
from tfgan_lab.metrics.evaluation_records import read_evaluations
from tfgan_lab.metrics.readings import Readings, is_reading, of_released
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.run_record import read_record


class FinishedRun:
    """Abstract: a run directory as an object. The run may still be in progress.

    A concrete one names the class of its configuration in ``CONFIG`` and what may go wrong with
    such a run in ``FAILURES``; it loads the images, builds the model, and opens what was released.

    Args:
        path: of the run.
        images: what its training returned, where it was in this process; they are loaded when
            they are asked for unless given.

    Attributes:
        path: ``pathlib.Path``.
        record: dict, its ``config.json``.

    Raises:
        FileNotFoundError: there is no run.
        ValueError: its record is damaged, or not written by tfgan_lab.
    """

    CONFIG, FAILURES = None, ()
    EVALUATION_UNIT = "images"  # what ``evaluate`` counts

    def __init__(self, path, images=None):
        self.path = pathlib.Path(path)
        self.record = read_record(path)
        self._given_images = images

    @property
    def rollbacks(self) -> list:
        """What was changed when the run went back, oldest first."""
        return self.record.get("rollbacks", [])

    @property
    def settings(self) -> dict:
        """Its settings by name as the record has them, as its rollbacks left them."""
        settings = dict(self.record["settings"])
        for entry in self.rollbacks:
            settings |= {name: new for name, (_, new) in entry["changes"].items()}
        return settings

    @functools.cached_property
    def config(self):
        """Its configuration, as its rollbacks left it.

        Raises:
            ConfigError: the run is of a later version.
        """
        return self.CONFIG.of_record(self.record | {"settings": self.settings})

    def images(self):
        """The images it was trained on, read or drawn once.

        Raises:
            ConfigError: other images than it began with, or none.
        """
        return self._checked_images

    @functools.cached_property
    def _checked_images(self):
        images = self._given_images or self._load_images()
        if images.fingerprint() != self.record["data"].get("fingerprint"):
            raise ConfigError(
                f"Expected the {self.record['data'].get('num_images')} images that the run in "
                f"{self.path} was trained on. Received: {len(images)}, not all the same"
            )
        return images

    def model(self):
        """The model as the newest readable checkpoint has it, for maps and diagnosis.

        Raises:
            ConfigError: there is no checkpoint yet.
            ValueError: there are checkpoints, but none can be read.
        """
        model = self._build_model()
        checkpoints = Checkpoints(self.path)
        checkpoints.set_model(model)
        if not checkpoints.restore(exact=False):
            raise ConfigError(f"Expected a checkpoint in {self.path}. Received: none yet")
        return model

    def log(self) -> dict:
        """Its log, see ``tfgan_lab.callbacks.csv_log.read_log``."""
        return read_log(self.path)

    def log_row(self, generator=run_layout.GENERATOR) -> dict:
        """Where the run was with a generator: the values of the log; empty before the first epoch.

        Args:
            generator: file name. The last one may be some epochs older than the end of the log.
        """
        log = self.log()
        if not len(log.get("epoch", ())):
            return {}
        released = self.readings().released if generator == run_layout.GENERATOR else None
        row = row_at(log, released["epoch"]) if released else -1
        return {name: values[row] for name, values in log.items()}

    def readings(self) -> Readings:
        """The readings that decided which generator is released."""
        return Readings.of(read_evaluations(self.path))

    def evaluations(self, generator=run_layout.GENERATOR) -> list:
        """The newest evaluation of each measure in each kind of features, once.

        Args:
            generator: file name of the generator that was evaluated. Of the released one, what
                another has replaced doesn't count.

        Returns:
            List of dicts as in ``metrics.json``, those without a value left out.
        """
        entries = read_evaluations(self.path)
        if generator == run_layout.GENERATOR:
            entries = of_released(entries)
        else:
            # A reading is of a generator that was replaced since, or released.
            entries = [
                entry
                for entry in entries
                if entry["generator"] == generator and not is_reading(entry)
            ]
        newest = {
            (entry["metric"], entry["protocol"]["features"]): entry
            for entry in entries
            if entry["value"] is not None
        }
        return list(newest.values())

    def histories(self) -> dict:
        """What was measured while it trained: a list of evaluations by the name of the measure."""
        histories = {}
        for entry in read_evaluations(self.path):
            if entry.get("during_training") and entry["value"] is not None:
                histories.setdefault(entry["metric"], []).append(entry)
        return histories

    def verdict(self) -> Verdict | None:
        """The verdict of its own diagnosis; ``None`` where nothing was diagnosed."""
        diagnosis = self._diagnosis()
        return Verdict(**diagnosis["verdict"]) if diagnosis else None

    def signals(self) -> list:
        """The readings of its own diagnosis, oldest first: dicts of signals."""
        return self._diagnosis().get("readings", [])

    def _diagnosis(self):
        file = self.path / run_layout.VERDICT
        return read_json(file) if file.exists() else {}
