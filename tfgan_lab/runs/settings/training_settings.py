"""The settings that every training has, whatever it trains."""

import dataclasses

from tfgan_lab.runs.settings.declaration import setting
from tfgan_lab.runs.settings.device_settings import DeviceSettings


@dataclasses.dataclass(frozen=True)
class TrainingSettings(DeviceSettings):
    """Abstract: settings of a run that trains. A concrete one says where its own differ."""

    # Not of identity: the images themselves are compared, wherever they lie.
    data_dir: str = setting(
        "",
        "images to train on: a folder of any sizes and nesting, or of TFRecord shards; "
        "an .npz, idx or TFRecord file",
        identity=False,
        group="data",
    )
    drawn: str = setting("", "train on drawn images instead", choices=("", "plates", "vehicles"))
    num_drawn: int = setting(345, "number of drawn images", low=2, high=1_000_000, needs=("drawn",))
    run_dir: str = setting("", "directory of the run; made if missing", identity=False, group="run")
    preset: str = setting("", "settings to start from")
    batch_size: int = setting(32, "images in a step", low=1, high=4096, group="budget")
    epochs: int = setting(200, "passes over the images in all", low=1, identity=False)
    images: str = setting(
        "", "budget in training images instead of epochs, such as 200k", identity=False
    )
    seed: int = setting(0, "key of all randomness", low=0, high=2**31 - 1)
    image_size: int = setting(64, "height and width in pixels", low=8, high=1024, group="images")
    channels: int = setting(3, "3 for RGB, 1 for grey", choices=(1, 3))
    augment_flip: bool = setting(True, "mirror half of the images")
    generator_learning_rate: float = setting(
        2e-4, "Adam's, of the generator", low=0, high=1, group="optimisers"
    )
    discriminator_learning_rate: float = setting(
        2e-4, "Adam's, of the discriminator", low=0, high=1
    )
    beta_1: float = setting(0.5, "Adam's first moment, of both", low=0, high=0.9999)
    beta_2: float = setting(0.999, "Adam's second moment, of both", low=0, high=0.99999)
    ema_half_life_images: int = setting(
        5000, "half-life of the generator's moving average, in images; 0 for none", low=0
    )
    discriminator_steps: int = setting(
        1, "discriminator updates before each generator update", low=1, high=100,
        group="update rule",
    )  # fmt: skip
    diagnose_every: int = setting(
        4000,
        "training images between two looks for failures; 0 for none",
        low=0,
        identity=False,
        group="output",
    )
    on_failure: str = setting(
        "warn",
        "what to do when the training fails: continue, stop, or go back and change what helps",
        choices=("warn", "stop", "rollback"),
        identity=False,
        needs=("diagnose_every",),
    )
    snapshot_every: int = setting(10, "epochs between snapshots", low=1, identity=False)
    checkpoint_every: int = setting(10, "epochs between checkpoints", low=1, identity=False)
    precision: str = setting(
        "auto",
        "arithmetic of the networks; auto for the fastest precision this machine supports",
        choices=("auto", "float32", "mixed_bfloat16", "mixed_float16"),
        group="machine",
    )
