"""Where a run trains: on one device, or on several of a machine."""

import contextlib
import functools

import tensorflow as tf

from tfgan_lab.replicas import same_everywhere
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.threads import choose_threads


class Devices:
    """The devices of a configuration.

    Make it before anything is computed: TensorFlow must be told of its devices and threads before
    it starts.

    Args:
        config: a configuration with ``devices``, ``batch_size`` and ``image_size``.

    Attributes:
        strategy: ``tf.distribute.Strategy``; TensorFlow's default on one device.

    Raises:
        ConfigError: the machine has not got these devices.
    """

    def __init__(self, config):
        gpus = tf.config.list_physical_devices("GPU")
        if gpus and config.devices > len(gpus):
            raise ConfigError(
                f"Expected --devices of at most {len(gpus)}, the GPUs that TensorFlow sees. "
                f"Received: devices={config.devices}"
            )
        if config.devices > 1:
            self.strategy = _mirrored(_names(config.devices, gpus))
        else:
            choose_threads(config.batch_size * config.image_size**2)
            self.strategy = tf.distribute.get_strategy()

    @contextlib.contextmanager
    def building(self):
        """Models built within the block train on all of the devices."""
        if self.strategy.num_replicas_in_sync == 1:
            yield
            return
        with self.strategy.scope(), same_everywhere():
            yield

    def explain(self) -> list:
        """Tells what there is beyond one device: a list of one sentence, or of none."""
        count = self.strategy.num_replicas_in_sync
        return [f"Trains on {count} devices: each has its part of every batch."] * (count > 1)


def _names(count, gpus):
    """Names of so many devices of this machine."""
    if gpus:
        return tuple(f"GPU:{index}" for index in range(count))
    processor = tf.config.list_physical_devices("CPU")[0]
    with contextlib.suppress(RuntimeError):  # It has started; perhaps with enough of them.
        parts = [tf.config.LogicalDeviceConfiguration()] * count
        tf.config.set_logical_device_configuration(processor, parts)
    found = len(tf.config.list_logical_devices("CPU"))
    if found < count:
        raise ConfigError(
            f"Expected {count} parts of the processor, to be made before TensorFlow computes "
            f"anything. Received: {found}; start a process of its own for --devices={count}"
        )
    return tuple(f"CPU:{index}" for index in range(count))


@functools.cache
def _mirrored(names):
    """One strategy a process: a second one's exchanges are taken for the first one's, and fail."""
    return tf.distribute.MirroredStrategy(names)
