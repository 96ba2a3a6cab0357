"""The setting of devices, and which runs can share a batch among several."""

import dataclasses

from tfgan_lab.runs.settings.declaration import Settings, setting
from tfgan_lab.runs.settings.validity import ConfigError


@dataclasses.dataclass(frozen=True)
class DeviceSettings(Settings):
    """Abstract: settings of a run that trains, with where it does."""

    devices: int = setting(
        1,
        "GPUs that share every batch; parts of the processor where there is none",
        low=1,
        high=64,
        identity=False,
    )


def check_devices(config) -> None:
    """Checks that the devices can share a batch.

    Args:
        config: a configuration with ``devices``, ``batch_size`` and ``precision``.

    Raises:
        ConfigError: they can't.
    """
    if config.devices == 1:
        return
    if config.batch_size % config.devices:
        raise ConfigError(
            f"Expected --batch_size divisible by {config.devices}, the number of devices. "
            f"Received: batch_size={config.batch_size}"
        )
    if config.precision == "mixed_float16":
        raise ConfigError(
            "Expected --precision=mixed_bfloat16 or float32 on more than one device, for loss "
            "scaling must see the gradients of all of them. Received: precision='mixed_float16'"
        )
