"""The settings of devices and workers, and which of them can be run."""

import dataclasses

from tfgan_lab.runs.settings.declaration import Settings, setting
from tfgan_lab.runs.settings.validity import ConfigError


@dataclasses.dataclass(frozen=True)
class DeviceSettings(Settings):
    """Abstract: settings of a run that trains, with where it does."""

    devices: int = setting(
        1,
        "GPUs of a machine that share every batch; parts of the processor where there is none",
        low=1,
        high=64,
        identity=False,
    )
    workers: str = setting(
        "",
        "host:port of every machine that shares every batch, separated by commas, the same for all",
        identity=False,
    )
    worker: int = setting(
        0, "which of --workers this is, from 0, the chief, which writes", low=0, identity=False
    )


def names_of_workers(text) -> list:
    """The addresses in ``--workers``.

    Args:
        text: str, ``host:port`` separated by commas; empty for none.
    """
    return [name.strip() for name in text.split(",") if name.strip()]


def num_replicas_of(config) -> int:
    """How many devices a configuration trains on, of all workers together.

    Args:
        config: a configuration with ``devices`` and ``workers``.
    """
    return config.devices * max(1, len(names_of_workers(config.workers)))


def check_devices(config) -> None:
    """Checks the settings of devices and workers, and the batch that they share.

    Args:
        config: a configuration with ``devices``, ``workers``, ``worker``, ``batch_size``,
            ``precision`` and ``on_failure``.

    Raises:
        ConfigError: they contradict each other.
    """
    workers = names_of_workers(config.workers)
    wrong = [name for name in workers if not _is_address(name)]
    if wrong or len(set(workers)) < len(workers) or len(workers) == 1:
        raise ConfigError(
            "Expected --workers as two or more different host:port, separated by commas. "
            f"Received: {config.workers!r}"
        )
    if config.worker >= max(1, len(workers)):
        allowed = f"from 0 to {len(workers) - 1}" if workers else "only with --workers"
        raise ConfigError(f"Expected --worker {allowed}. Received: worker={config.worker}")
    count = num_replicas_of(config)
    if count == 1:
        return
    if config.batch_size % count:
        raise ConfigError(
            f"Expected --batch_size divisible by {count}, the number of devices. "
            f"Received: batch_size={config.batch_size}"
        )
    if config.precision == "mixed_float16":
        raise ConfigError(
            "Expected --precision=mixed_bfloat16 or float32 on more than one device, for loss "
            "scaling must see the gradients of all of them. Received: precision='mixed_float16'"
        )
    if workers and config.on_failure != "warn":
        raise ConfigError(
            "Expected --on_failure=warn with --workers: the chief alone looks for failures. "
            f"Received: on_failure={config.on_failure!r}"
        )


def _is_address(name):
    host, _, port = name.rpartition(":")
    return bool(host) and port.isdecimal() and 0 < int(port) < 65536
