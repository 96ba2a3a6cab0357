"""The configuration of a run: every setting once, with its meaning, default and bounds."""

import dataclasses

from tfgan_lab.runs.settings import parts
from tfgan_lab.runs.settings.conditions import Is
from tfgan_lab.runs.settings.declaration import again, setting
from tfgan_lab.runs.settings.device_settings import check_devices
from tfgan_lab.runs.settings.presets import DEFAULT_PRESET, PRESETS
from tfgan_lab.runs.settings.small_data import choose
from tfgan_lab.runs.settings.training_settings import TrainingSettings
from tfgan_lab.runs.settings.validity import SOURCES
from tfgan_lab.runs.settings.validity import ConfigError as ConfigError


@dataclasses.dataclass(frozen=True)
class RunConfig(TrainingSettings):
    """All settings of a run, resolved and checked.

    Make it with ``RunConfig.from_preset``, which fills in a preset's values. Settings that would
    have no effect are refused.
    """

    KIND = "a run that generates images"
    MARK = "latent_size"

    preset: str = again(
        TrainingSettings, "preset", default=DEFAULT_PRESET, choices=tuple(PRESETS), identity=False
    )
    tfds_name: str = setting(
        "",
        "train on a data set of TensorFlow Datasets, such as food101",
        identity=False,
        group="data",
    )
    tfds_label: str = setting(
        "", "its one class to take, by name or number", needs=("tfds_name",), identity=False
    )
    tfds_split: str = setting(
        "", "its split, such as train[:1000]", needs=("tfds_name",), identity=False
    )
    subset: float = setting(
        1.0, "fraction of the data set to use, chosen by the seed", low=1e-6, high=1
    )
    mirrored_copies: bool = setting(False, "add the mirrored copy of every image", group="images")
    augment_zoom: float = setting(0.1, "greatest random zoom in or out", low=0, high=0.9)
    augment_rotation: float = setting(
        0.1, "greatest random rotation, in full turns", low=0, high=0.5
    )
    generator: str = setting(
        "upsampling", "generator architecture", choices=parts.GENERATORS, group="networks"
    )
    generator_widths: tuple = setting(
        (128, 64, 128, 256),
        "channels of the first square and of each doubling; residual, light: of each size upwards",
    )
    discriminator: str = setting(
        "convolutional",
        "discriminator architecture; projected looks at features of a network that knows ImageNet",
        choices=parts.DISCRIMINATORS,
    )
    discriminator_widths: tuple = setting(
        (64, 128, 128),
        "channels of each halving; residual: of each size upwards; projected: of each scale, or "
        "one number for all",
    )
    feature_size: int = setting(
        0,
        "height and width at which a projected discriminator's frozen network sees images, a "
        "multiple of 32; 0 for what suits the image size",
        low=0,
        high=512,
    )
    kernel_size: int = setting(4, "of (transposed) convolutions of stride 2", low=1, high=15)
    first_stride: int = setting(
        2, "of a dcgan generator's first convolution", choices=(1, 2), flag=False
    )
    batch_norm: bool = setting(True, "batch norm within a dcgan discriminator", flag=False)
    discriminator_dropout: float = setting(
        0.2, "before the logit; dcgan: after every block", low=0, high=0.9
    )
    generator_slope: float = setting(
        0.2, "of the generator's LeakyReLUs below 0; 0 for ReLU", low=0, high=1
    )
    discriminator_slope: float = setting(
        0.2, "the discriminator's LeakyReLU slope; 0 for ReLU", low=0, high=1
    )
    initial_deviation: float = setting(
        0.0,
        "draw initial weights from N(0, deviation^2) as DCGAN; 0 for Keras' own",
        low=0,
        high=1,
        flag=False,
    )
    latent_size: int = setting(128, "number of values of a latent vector", low=1, high=4096)
    latent_distribution: str = setting(
        "normal",
        "distribution of latents, such as sphere, uniform(-1,1), gamma(2,1) or normal(0,0.1)",
    )
    pixel_range: tuple = setting(
        (-1, 1),
        "pixels within the networks: 0,1 with a sigmoid or -1,1 with tanh",
        choices=((0, 1), (-1, 1)),
        needs=(
            Is("generator", parts.taking(parts.GENERATORS, "pixel_range")),
            Is("discriminator", parts.taking(parts.DISCRIMINATORS, "pixel_range")),
        ),
        flag=False,
    )
    conditional: bool = setting(
        False,
        "tell both networks the class, which images must have",
        choices=parts.CONDITIONAL,
        group="classes",
    )
    generator_conditioning: str = setting(
        "concatenation",
        "class beside the latents, or as scale and shift of every batch norm",
        choices=parts.GENERATOR_CONDITIONINGS,
        needs=("conditional",),
    )
    discriminator_conditioning: str = setting(
        "projection",
        "class beside the last features, as a vector they are projected on, or to be told",
        choices=parts.DISCRIMINATOR_CONDITIONINGS,
        needs=("conditional",),
    )
    class_widths: tuple = setting(
        (128,),
        "dense layers between a discriminator's features with the class and its logit",
        flag=False,
    )
    class_dropout: float = setting(
        0.0, "dropout after each layer of class_widths", low=0, high=0.9, flag=False
    )
    class_loss_weight: float = setting(
        1.0, "of the cross-entropy in both losses, where the discriminator tells the class", low=0
    )
    class_sampling: str = setting(
        "natural",
        "how often a class is shown: as often as there are images, or all alike",
        choices=("natural", "balanced"),
        needs=("conditional",),
    )
    loss: str = setting(
        "binary_cross_entropy", "adversarial loss", choices=parts.LOSSES, group="loss and penalties"
    )
    real_label: float = setting(1.0, "target for real images", low=0, high=1)
    fake_label: float = setting(0.0, "target for generated images", low=0, high=1)
    generator_label: float = setting(1.0, "target the generator wants to reach", low=0, high=1)
    label_noise: float = setting(0.0, "half-width of uniform noise on labels", low=0, high=0.5)
    mean_over_halves: bool = setting(
        False, "halve the discriminator's sum of two means", flag=False
    )
    r1_gamma: float = setting(
        0.0, "weight of the R1 penalty; 0 for none", choices=parts.PENALTIES["r1_gamma"], low=0
    )
    r2_gamma: float = setting(
        0.0, "weight of the R2 penalty; 0 for none", choices=parts.PENALTIES["r2_gamma"], low=0
    )
    penalty_share: float = setting(
        1.0, "part of the batch that R1 and R2 look at", low=0.001, high=1
    )
    penalty_anneal_images: int = setting(
        0, "training images over which R1's and R2's weight falls to a tenth; 0 for never", low=0
    )
    diff_augment_colour: float = setting(
        0.0,
        "DiffAugment's colour, 1 for the paper's strength; 0 for none",
        low=0,
        high=1,
        group="augmentation",
    )
    diff_augment_translation: float = setting(
        0.0, "DiffAugment's greatest shift, 0.125 in the paper; 0 for none", low=0, high=0.9
    )
    diff_augment_cutout: float = setting(
        0.0, "DiffAugment's square, 0.5 in the paper; 0 for none", low=0, high=0.9
    )
    ada_target: float = setting(
        0.0,
        "adapt DiffAugment's probability (ADA) to this mean sign; 0 for always",
        choices=parts.ADAPTIVE_AUGMENT,
        low=0,
        high=0.99,
        needs=(("diff_augment_colour", "diff_augment_translation", "diff_augment_cutout"),),
    )
    ada_images: int = setting(
        500_000, "training images over which ADA's probability could rise to 1", low=1
    )
    lr_control_target: float = setting(
        0.0,
        "slow the generator down while the mean sign of answers to real images is below this; "
        "0 for a constant rate",
        choices=parts.ADAPTIVE_RATE,
        low=0,
        high=0.99,
        group="optimisers",
    )
    schedule: str = setting(
        "alternating",
        "discriminator first and then the generator with fresh images, or with the same ones "
        "(shared_fakes), or both from one forward pass (simultaneous)",
        choices=parts.SCHEDULES,
        group="update rule",
    )
    opponent_in_training_mode: bool = setting(
        True, "run the network that is not being updated in training mode", flag=False
    )
    concatenate_batches: bool = setting(False, "real and fake images as one batch")
    shared_gradients: bool = setting(
        False,
        "take R1's and R2's gradients from the pass that the loss takes",
        needs=(("r1_gamma", "r2_gamma"), "concatenate_batches"),
    )
    evaluate_every: int = setting(
        0,
        "training images between two evaluations (KID) that choose what is released; 0 for none",
        low=0,
        identity=False,
        group="output",
    )
    maps_every: int = setting(
        0,
        "epochs between maps of where the discriminator sees fakes; 0 for none",
        low=0,
        identity=False,
    )
    steps_per_execution: int = setting(
        1, "steps in one call of the compiled function; must divide an epoch", low=1,
        group="machine",
    )  # fmt: skip

    @classmethod
    def preset_values(cls, preset="", **overrides) -> dict:
        """See the base class.

        ``small-data`` chooses a recipe, and both recipes choose from how many images there are,
        how large (``small_data.py``).

        Example:
            >>> RunConfig.from_preset("r0-transposed", drawn="plates").generator_learning_rate
            1e-05
        """
        preset = preset or DEFAULT_PRESET
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
        self._check_source()
        for network, kinds in [
            ("generator", parts.GENERATORS),
            ("discriminator", parts.DISCRIMINATORS),
        ]:
            kind = getattr(self, network)
            try:
                kinds[kind].check(self, network)
            except ValueError as error:
                raise ConfigError(f"{error} for --{network}={kind}") from None
        if self.latent_distribution != "normal":  # To make another needs TensorFlow.
            try:
                parts.make(parts.LATENTS, self)
            except ValueError as error:
                raise ConfigError(f"{error} (--latent_distribution)") from error
        check_devices(self)
        if self.steps_per_execution > 1 and self.devices > 1:
            raise ConfigError(
                "Expected --steps_per_execution=1 on more than one device. "
                f"Received: steps_per_execution={self.steps_per_execution}"
            )

    def _check_source(self):
        sources = {name: getattr(self, name) for name in SOURCES}
        if sum(map(bool, sources.values())) != 1:
            raise ConfigError(
                "Expected one of --data_dir=FOLDER, --tfds_name=NAME and --drawn=plates or "
                "vehicles. Received: "
                + ", ".join(f"{name}={value!r}" for name, value in sources.items())
            )
        if self.mirrored_copies and self.augment_flip:
            raise ConfigError(
                "Expected --noaugment_flip with --mirrored_copies: half of the images would be "
                "mirrored anyway"
            )
        if self.drawn and self.image_size < 16:
            raise ConfigError(
                "Expected --image_size from 16 with --drawn: smaller drawings cannot be told "
                f"apart. Received: image_size={self.image_size}"
            )
        if self.drawn and self.channels != 3:
            raise ConfigError("Expected --channels=3 with --drawn. Received: channels=1")
