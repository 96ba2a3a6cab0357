"""The configuration of a run: every setting once, with its meaning, default and bounds."""

import dataclasses

from tfgan_lab.runs.settings.declaration import setting as _setting
from tfgan_lab.runs.settings.device_settings import DeviceSettings, check_devices
from tfgan_lab.runs.settings.presets import DEFAULT_PRESET, PRESETS
from tfgan_lab.runs.settings.small_data import choose
from tfgan_lab.runs.settings.validity import ConfigError as ConfigError
from tfgan_lab.runs.settings.validity import check_together

LOSSES = (
    "binary_cross_entropy",
    "least_squares",
    "hinge",
    "wasserstein",
    "relativistic_average",
    "relativistic_pairing",
)


@dataclasses.dataclass(frozen=True)
class RunConfig(DeviceSettings):
    """All settings of a run, resolved and checked.

    Make it with ``RunConfig.from_preset``, which fills in a preset's values. Settings that would
    have no effect are refused.
    """

    KIND = "a run that generates images"
    MARK = "latent_size"

    # Data
    # Not of identity: the images themselves are compared, wherever they lie.
    data_dir: str = _setting(
        "",
        "images to train on: a folder of any sizes and nesting, or of TFRecord shards; "
        "an .npz, idx or TFRecord file",
        identity=False,
    )
    tfds_name: str = _setting(
        "", "train on a data set of TensorFlow Datasets, such as food101", identity=False
    )
    tfds_label: str = _setting("", "its one class to take, by name or number", identity=False)
    tfds_split: str = _setting("", "its split, such as train[:1000]", identity=False)
    drawn: str = _setting("", "train on drawn images instead", choices=("", "plates", "vehicles"))
    num_drawn: int = _setting(345, "number of drawn images", low=2, high=1_000_000)
    image_size: int = _setting(64, "height and width in pixels", low=8, high=1024)
    channels: int = _setting(3, "3 for RGB, 1 for grey", choices=(1, 3))
    subset: float = _setting(
        1.0, "fraction of the data set to use, chosen by the seed", low=1e-6, high=1
    )
    mirrored_copies: bool = _setting(False, "add the mirrored copy of every image")
    augment_flip: bool = _setting(True, "mirror half of the images")
    augment_zoom: float = _setting(0.1, "greatest random zoom in or out", low=0, high=0.9)
    augment_rotation: float = _setting(
        0.1, "greatest random rotation, in full turns", low=0, high=0.5
    )
    # Classes
    conditional: bool = _setting(False, "tell both networks the class, which images must have")
    generator_conditioning: str = _setting(
        "concatenation",
        "class beside the latents, or as scale and shift of every batch norm",
        choices=("concatenation", "batch_norm"),
    )
    discriminator_conditioning: str = _setting(
        "projection",
        "class beside the last features, as a vector they are projected on, or to be told",
        choices=("concatenation", "projection", "classifier"),
    )
    label_size: int = _setting(
        0, "length of a class's learned embedding beside the latents; 0 for zeros and ones", low=0
    )
    class_widths: tuple = _setting(
        (128,), "dense layers between a discriminator's features with the class and its logit"
    )
    class_dropout: float = _setting(
        0.0, "dropout after each layer of --class_widths", low=0, high=0.9
    )
    class_loss_weight: float = _setting(
        1.0, "of the cross-entropy in both losses, where the discriminator tells the class", low=0
    )
    class_sampling: str = _setting(
        "natural",
        "how often a class is shown: as often as there are images, or all alike",
        choices=("natural", "balanced"),
    )
    # Networks
    generator: str = _setting(
        "upsampling",
        "generator architecture",
        choices=("transposed", "upsampling", "dcgan", "residual", "light"),
    )
    generator_widths: tuple = _setting(
        (128, 64, 128, 256),
        "channels of the first square and of each doubling; residual, light: of each size upwards",
    )
    discriminator: str = _setting(
        "convolutional",
        "discriminator architecture; projected looks at features of a network that knows ImageNet",
        choices=("convolutional", "dcgan", "residual", "projected"),
    )
    discriminator_widths: tuple = _setting(
        (64, 128, 128),
        "channels of each halving; residual: of each size upwards; projected: of each scale, or "
        "one number for all",
    )
    feature_size: int = _setting(
        0,
        "height and width at which a projected discriminator's frozen network sees images, a "
        "multiple of 32; 0 for what suits the image size",
        low=0,
        high=512,
    )
    blocks_per_size: int = _setting(
        1, "residual blocks at each size, of both residual networks", low=1, high=8
    )
    kernel_size: int = _setting(4, "of (transposed) convolutions of stride 2", low=1, high=15)
    first_stride: int = _setting(2, "1 or 2, of a dcgan generator's first convolution")
    batch_norm: bool = _setting(True, "batch norm within a dcgan discriminator")
    minibatch_stddev: bool = _setting(
        False, "show a residual discriminator how much the images of a batch differ"
    )
    spectral_norm: bool = _setting(False, "bound the slope of a residual discriminator's layers")
    discriminator_dropout: float = _setting(
        0.2, "before the logit; dcgan: after every block", low=0, high=0.9
    )
    generator_slope: float = _setting(
        0.2, "of the generator's LeakyReLUs below 0; 0 for ReLU", low=0, high=1
    )
    discriminator_slope: float = _setting(
        0.2, "the discriminator's LeakyReLU slope; 0 for ReLU", low=0, high=1
    )
    initial_deviation: float = _setting(
        0.0, "draw initial weights from N(0, deviation^2) as DCGAN; 0 for Keras' own", low=0, high=1
    )
    latent_size: int = _setting(128, "number of values of a latent vector", low=1, high=4096)
    latent_distribution: str = _setting(
        "normal",
        "distribution of latents, such as sphere, uniform(-1,1), gamma(2,1) or normal(0,0.1)",
    )
    pixel_range: tuple = _setting(
        (-1, 1), "pixels within the networks: 0,1 with a sigmoid or -1,1 with tanh"
    )
    # Loss, penalties, augmentation within the step
    loss: str = _setting("binary_cross_entropy", "adversarial loss", choices=LOSSES)
    real_label: float = _setting(1.0, "target for real images", low=0, high=1)
    fake_label: float = _setting(0.0, "target for generated images", low=0, high=1)
    generator_label: float = _setting(1.0, "target the generator wants to reach", low=0, high=1)
    label_noise: float = _setting(0.0, "half-width of uniform noise on labels", low=0, high=0.5)
    saturating: bool = _setting(False, "let the generator minimise log(1 - D(G(z)))")
    mean_over_halves: bool = _setting(False, "halve the discriminator's sum of two means")
    r1_gamma: float = _setting(0.0, "weight of the R1 penalty; 0 for none", low=0)
    r2_gamma: float = _setting(0.0, "weight of the R2 penalty; 0 for none", low=0)
    penalty_share: float = _setting(
        1.0, "part of the batch that R1 and R2 look at", low=0.001, high=1
    )
    penalty_interval: int = _setting(
        1, "apply R1 and R2 every N steps (lazy regularisation)", low=1
    )
    penalty_anneal_images: int = _setting(
        0, "training images over which R1's and R2's weight falls to a tenth; 0 for never", low=0
    )
    approximate_sigma: float = _setting(
        0.0, "take R1 and R2 from differences of this displacement; 0 for exact", low=0, high=1
    )
    gradient_penalty_weight: float = _setting(0.0, "weight of WGAN-GP; 0 for none", low=0)
    gradient_penalty_one_sided: bool = _setting(False, "let WGAN-GP leave slopes below 1 alone")
    dragan_weight: float = _setting(0.0, "weight of the DRAGAN penalty; 0 for none", low=0)
    lecam_weight: float = _setting(0.0, "weight of the LeCam penalty; 0 for none", low=0)
    consistency_weight: float = _setting(
        0.0, "weight of the consistency penalty under shifts (bCR); 0 for none", low=0
    )
    diff_augment_colour: float = _setting(
        0.0, "DiffAugment's colour, 1 for the paper's strength; 0 for none", low=0, high=1
    )
    diff_augment_translation: float = _setting(
        0.0, "DiffAugment's greatest shift, 0.125 in the paper; 0 for none", low=0, high=0.9
    )
    diff_augment_cutout: float = _setting(
        0.0, "DiffAugment's square, 0.5 in the paper; 0 for none", low=0, high=0.9
    )
    ada_target: float = _setting(
        0.0,
        "adapt DiffAugment's probability (ADA) to this mean sign; 0 for always",
        low=0,
        high=0.99,
    )
    ada_images: int = _setting(
        500_000, "training images over which ADA's probability could rise to 1", low=1
    )
    # Optimisers
    generator_learning_rate: float = _setting(2e-4, "Adam's, of the generator", low=0, high=1)
    discriminator_learning_rate: float = _setting(
        2e-4, "Adam's, of the discriminator", low=0, high=1
    )
    lr_control_target: float = _setting(
        0.0,
        "slow the generator down while the mean sign of answers to real images is below this; "
        "0 for a constant rate",
        low=0,
        high=0.99,
    )
    lr_control_images: int = _setting(
        5_000, "training images over which its rate could so fall to a tenth", low=1
    )
    beta_1: float = _setting(0.5, "Adam's first moment, of both", low=0, high=0.9999)
    beta_2: float = _setting(0.999, "Adam's second moment, of both", low=0, high=0.99999)
    # Update rule
    single_pass: bool = _setting(False, "update both networks from one forward pass")
    discriminator_steps: int = _setting(
        1, "discriminator updates before each generator update", low=1, high=100
    )
    opponent_training: bool = _setting(
        True, "run the network that is not being updated in training mode"
    )
    joint_batch: bool = _setting(False, "real and fake images as one batch")
    reused_images: bool = _setting(
        False, "let the generator answer with the images that the discriminator was shown"
    )
    shared_gradients: bool = _setting(
        False, "take R1's and R2's gradients from the pass that the loss takes"
    )
    ema_half_life_images: int = _setting(
        5000, "half-life of the generator's moving average, in images; 0 for none", low=0
    )
    # Budget and machine
    batch_size: int = _setting(32, "images in a step", low=1, high=4096)
    epochs: int = _setting(200, "passes over the images in all", low=1, identity=False)
    images: str = _setting(
        "", "budget in training images instead of epochs, such as 200k", identity=False
    )
    seed: int = _setting(0, "key of all randomness", low=0, high=2**31 - 1)
    precision: str = _setting(
        "auto",
        "arithmetic of the networks; auto for the fastest precision this machine supports",
        choices=("auto", "float32", "mixed_bfloat16", "mixed_float16"),
    )
    steps_per_execution: int = _setting(
        1, "steps in one call of the compiled function; must divide an epoch", low=1
    )
    # Output
    run_dir: str = _setting("", "directory of the run; made if missing", identity=False)
    preset: str = _setting(
        DEFAULT_PRESET, "settings to start from", choices=tuple(PRESETS), identity=False
    )
    diagnose_every: int = _setting(
        4000, "training images between two looks for failures; 0 for none", low=0, identity=False
    )
    on_failure: str = _setting(
        "warn",
        "what to do when the training fails: continue, stop, or go back and change what helps",
        choices=("warn", "stop", "rollback"),
        identity=False,
    )
    max_rollbacks: int = _setting(
        3, "maximum number of rollbacks before the run stops", low=1, high=100, identity=False
    )
    snapshot_every: int = _setting(10, "epochs between snapshots", low=1, identity=False)
    checkpoint_every: int = _setting(10, "epochs between checkpoints", low=1, identity=False)
    evaluate_every: int = _setting(
        0,
        "training images between two evaluations (KID) that choose what is released; 0 for none",
        low=0,
        identity=False,
    )
    maps_every: int = _setting(
        0,
        "epochs between maps of where the discriminator sees fakes; 0 for none",
        low=0,
        identity=False,
    )

    @classmethod
    def from_preset(cls, preset=DEFAULT_PRESET, **overrides):
        """Makes a configuration from a preset and what differs from it.

        Args:
            preset: name of a preset.
            **overrides: any settings.

        ``small-data`` chooses a recipe, and both recipes choose from how many images there are,
        how large (``small_data.py``).

        Raises:
            ConfigError: an unknown name, or a setting out of its bounds or without effect.

        Example:
            >>> RunConfig.from_preset("r0-transposed", drawn="plates").generator_learning_rate
            1e-05
        """
        return cls(**cls.preset_values(preset, **overrides))

    @classmethod
    def preset_values(cls, preset=DEFAULT_PRESET, **overrides) -> dict:
        """The settings of a preset that differ from the defaults, before they are checked together.

        Args:
            preset: name of a preset.
            **overrides: any settings.

        Raises:
            ConfigError: an unknown name, or a setting out of its bounds.
        """
        if preset not in PRESETS:
            raise ConfigError(
                f"Expected a preset out of {', '.join(PRESETS)}. Received: preset={preset!r}"
            )
        overrides = cls.checked_by_name(overrides)
        values = PRESETS[preset] | overrides | {"preset": preset}
        defaults = {field.name: field.default for field in dataclasses.fields(cls)}
        chosen = choose(defaults | values, given=overrides)
        return values | {name: choice.value for name, choice in chosen.items()}

    def check_together(self):
        """See the base class."""
        check_together(self)
        check_devices(self)
        if self.steps_per_execution > 1 and self.devices > 1:
            raise ConfigError(
                "Expected --steps_per_execution=1 on more than one device. "
                f"Received: steps_per_execution={self.steps_per_execution}"
            )
