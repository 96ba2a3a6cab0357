"""Where a run trains: on one device, on several of a machine, or on those of several machines."""

import contextlib
import functools
import os

import tensorflow as tf

from tfgan_lab.replicas import same_everywhere
from tfgan_lab.runs.settings.device_settings import names_of_workers
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.interruption import ended_by_ctrl_c
from tfgan_lab.runs.training.threads import choose_threads


class WorkerLostError(OSError):
    """Another worker died or cannot be reached any more; the run resumes when all start again."""


class Devices:
    """The devices of a configuration, to build and to train on.

    Make it before anything is computed: TensorFlow must be told of its devices and threads before
    it starts. With several workers it waits until all of them are there.

    Args:
        config: a configuration with ``devices``, ``workers``, ``worker``, ``batch_size`` and
            ``image_size``.

    Attributes:
        strategy: ``tf.distribute.Strategy``; TensorFlow's default on one device.
        is_chief: whether this process is the one that writes the run directory.

    Raises:
        ConfigError: the machine has not got these devices.
    """

    def __init__(self, config):
        self.workers = names_of_workers(config.workers)
        self.is_chief = config.worker == 0
        gpus = tf.config.list_physical_devices("GPU")
        if gpus and config.devices > len(gpus):
            raise ConfigError(
                f"Expected --devices of at most {len(gpus)}, the GPUs that TensorFlow sees. "
                f"Received: devices={config.devices}"
            )
        if self.workers:
            self.strategy = _of_workers(self.workers, config.worker, config.devices, gpus)
        elif config.devices > 1:
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

    @contextlib.contextmanager
    def training(self):
        """Tells in a sentence when another worker is lost within the block.

        Raises:
            WorkerLostError: it is.
        """
        try:
            yield
        except tf.errors.OpError as error:
            if not self.workers:
                raise
            raise WorkerLostError(
                f"Lost one of the {len(self.workers)} workers ({type(error).__name__}). Start all "
                "of them again with the same commands: the run resumes from its last checkpoint."
            ) from error

    def explain(self) -> list:
        """Tells what there is beyond one device: a list of one sentence, or of none."""
        count = self.strategy.num_replicas_in_sync
        if count == 1:
            return []
        where = f", {len(self.workers)} workers" if self.workers else ""
        return [f"Trains on {count} devices{where}: each has its part of every batch."]


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


def _of_workers(workers, number, devices, gpus):
    if gpus:
        tf.config.set_visible_devices(gpus[:devices], "GPU")
    elif devices > 1:
        raise ConfigError(
            "Expected --devices=1 with --workers on machines without a GPU. "
            f"Received: devices={devices}"
        )
    # Its log of every step of connecting is for those who look for a fault in the network.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": workers}),
        task_type="worker",
        task_id=number,
        rpc_layer="grpc",
    )
    print(
        f"Worker {number} of {len(workers)}; waits until {', '.join(workers)} are all there. "
        "Ctrl-C ends it.",
        flush=True,
    )
    try:
        with ended_by_ctrl_c():
            return tf.distribute.MultiWorkerMirroredStrategy(cluster_resolver=resolver)
    except (RuntimeError, tf.errors.OpError) as error:
        raise ConfigError(
            f"Expected to reach the workers {', '.join(workers)} and to be {workers[number]}. "
            f"Received: {type(error).__name__}: {str(error).splitlines()[0]}"
        ) from error
