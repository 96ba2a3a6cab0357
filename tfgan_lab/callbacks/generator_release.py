"""The file that people take away from a run."""

import pathlib
import tempfile

import keras

from tfgan_lab.callbacks.schedule import Schedule
from tfgan_lab.files import write_with_sha256


class GeneratorRelease(keras.callbacks.Callback):
    """Writes the sampling generator to ``generator.keras``, with its SHA-256 beside it.

    The file is whole at any moment: Keras alone would destroy the old one on a full disk. It
    needs nothing but Keras to be loaded. It computes in float32, whatever the run does: what is
    fast on this machine may be slow, or missing, where the file is taken.

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
        release_generator(self.model.sampling_generator, self.directory / "generator.keras")


def release_generator(generator, path) -> None:
    """Writes a generator in float32, whole or not at all, with its SHA-256 beside it.

    Args:
        generator: ``keras.Model``.
        path: of the ``.keras`` file.
    """
    with tempfile.TemporaryDirectory() as folder:
        temporary = pathlib.Path(folder) / "generator.keras"
        _in_float32(generator).save(temporary)
        content = temporary.read_bytes()
    write_with_sha256(path, content)


def _in_float32(network):
    """The network itself, or, where a layer computes in less, a copy that doesn't."""
    config = network.get_config()
    plain = _with_plain_policies(config)
    if plain == config:
        return network
    copy = type(network).from_config(plain)
    copy.set_weights(network.get_weights())
    return copy


def _with_plain_policies(config):
    if isinstance(config, dict):
        if config.get("class_name") == "DTypePolicy":
            return config | {"config": {"name": "float32"}}
        return {name: _with_plain_policies(value) for name, value in config.items()}
    if isinstance(config, (list, tuple)):
        return type(config)(_with_plain_policies(value) for value in config)
    return config
