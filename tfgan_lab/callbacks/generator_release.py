"""The file that people take away from a run."""

import pathlib
import tempfile

import keras

from tfgan_lab.callbacks.schedule import Schedule
from tfgan_lab.files import write_with_sha256


class GeneratorRelease(keras.callbacks.Callback):
    """Writes the sampling generator to ``generator.keras``, with its SHA-256 beside it.

    The file is whole at any moment: Keras alone would destroy the old one on a full disk. It
    needs nothing but Keras to be loaded.

    Args:
        directory: path of the run.
        every: int, period in epochs; the last epoch always counts.
    """

    def __init__(self, directory, every=10):
        super().__init__()
        self.directory = pathlib.Path(directory)
        self.schedule = Schedule(every)

    def on_epoch_end(self, epoch, logs=None):
        """Releases the generator where it is due."""
        if self.schedule.is_due(epoch + 1, last=self.params["epochs"]):
            self.release()

    def release(self):
        """Writes the model's sampling generator now."""
        with tempfile.TemporaryDirectory() as folder:
            temporary = pathlib.Path(folder) / "generator.keras"
            self.model.sampling_generator.save(temporary)
            content = temporary.read_bytes()
        write_with_sha256(self.directory / "generator.keras", content)
