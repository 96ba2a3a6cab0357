"""The configuration of a translator's run: every setting with its meaning, default and bounds."""

import dataclasses
import functools

from tfgan_lab.data.drawn.plate_domains import FACTORS, value_numbers
from tfgan_lab.networks.sizes import num_halvings_of_patch
from tfgan_lab.runs.settings.declaration import again, setting
from tfgan_lab.runs.settings.device_settings import check_devices
from tfgan_lab.runs.settings.parts import TRANSLATION_LOSSES, TRANSLATORS
from tfgan_lab.runs.settings.training_settings import TrainingSettings
from tfgan_lab.runs.settings.translation_presets import TRANSLATION_PRESETS
from tfgan_lab.runs.settings.validity import ConfigError

_again = functools.partial(again, TrainingSettings)
_DRAWN_DOMAINS = {"cyclegan": 2, "stargan": 4}


@dataclasses.dataclass(frozen=True)
class TranslationConfig(TrainingSettings):
    """All settings of a translator's run, resolved and checked.

    Make it with ``TranslationConfig.from_preset``. Settings without effect are refused.
    """

    KIND = "a run of a translator"
    MARK = "model"

    model: str = setting(
        "cyclegan",
        "cyclegan between two domains, stargan among two or more",
        choices=TRANSLATORS,
        group="run",
    )
    preset: str = _again("preset", choices=("", *TRANSLATION_PRESETS))
    data_dir: str = _again(
        "data_dir",
        meaning="two or more folders (or other sources) separated by commas, a domain each; or "
        "one folder with a subfolder for each domain",
    )
    drawn: str = _again("drawn", meaning="train on drawn domains instead", choices=("", "plates"))
    num_drawn: int = _again(
        "num_drawn", default=600, meaning="number of drawn images, all domains together", low=4
    )
    factor: str = setting(
        "tablecloth",
        "whose colour tells drawn domains apart",
        choices=tuple(FACTORS),
        needs=("drawn",),
        group="data",
    )
    domains: str = setting(
        "",
        "the factor's values that are the domains, separated by commas; the first two unless "
        "given, for stargan the first four",
        needs=("drawn",),
    )
    image_size: int = _again("image_size", default=32, low=16)
    batch_size: int = _again(
        "batch_size", default=1, meaning="images in a step, of each domain with cyclegan"
    )
    # The budget is of identity, for learning rates fall along it.
    epochs: int = _again("epochs", meaning="passes over the (larger) domain in all", identity=True)
    images: str = _again("images", identity=True)
    generator_width: int = setting(
        64, "its channels at the images' own size", low=1, high=1024, group="networks"
    )
    num_blocks: int = setting(6, "residual blocks of a generator", low=1, high=64)
    num_halvings: int = setting(2, "how often a generator halves images", low=1, high=3)
    discriminator_width: int = setting(64, "channels after its first convolution", low=1, high=1024)
    patch_size: int = setting(
        70,
        "pixels at each side that one answer of cyclegan's discriminator sees",
        choices=(16, 34, 70, 142, 286),
    )
    adversarial_loss: str = setting(
        "least_squares",
        "adversarial loss",
        choices=tuple(TRANSLATION_LOSSES),
        group="loss and penalties",
    )
    cycle_weight: float = setting(
        10.0, "weight of the way there and back, stargan's reconstruction", low=0
    )
    identity_weight: float = setting(
        0.0, "weight of leaving images alone that are in the target domain already", low=0
    )
    classification_weight: float = setting(0.0, "weight of telling the domain", low=0)
    gradient_penalty_weight: float = setting(0.0, "weight of WGAN-GP; 0 for none", low=0)
    pool_size: int = setting(
        0, "translations of each domain that are kept for the discriminator", low=0, high=10_000
    )
    ema_half_life_images: int = _again("ema_half_life_images", default=0)
    decay_share: float = setting(
        0.5,
        "last part of the budget in which learning rates fall to zero in a straight line",
        low=0,
        high=1,
        group="optimisers",
    )
    on_failure: str = _again(
        "on_failure",
        meaning="what to do when the training fails: continue or stop",
        choices=("warn", "stop"),
    )

    @classmethod
    def preset_values(cls, preset="", **overrides) -> dict:
        """See the base class; unless given, the preset is the small one of ``model``.

        Example:
            >>> config = TranslationConfig.from_preset(model="stargan", drawn="plates")
            >>> config.preset, config.domain_names
            ('small-stargan', ('red', 'blue', 'green', 'yellow'))
        """
        overrides = cls.checked_by_name(overrides)
        preset = preset or f"small-{overrides.get('model', 'cyclegan')}"
        if preset not in TRANSLATION_PRESETS:
            raise ConfigError(
                f"Expected a preset out of {', '.join(TRANSLATION_PRESETS)}. "
                f"Received: preset={preset!r}"
            )
        values = TRANSLATION_PRESETS[preset]
        if overrides.get("model", values["model"]) != values["model"]:
            raise ConfigError(
                f"Expected --model={values['model']} with --preset={preset}. "
                f"Received: model={overrides['model']!r}"
            )
        if "epochs" in overrides:
            values = {name: value for name, value in values.items() if name != "images"}
        return values | overrides | {"preset": preset}

    @property
    def domain_names(self) -> tuple:
        """Names of drawn domains; empty where the images tell."""
        if not self.drawn:
            return ()
        if not self.domains:
            return FACTORS[self.factor][: _DRAWN_DOMAINS[self.model]]
        return tuple(name.strip() for name in self.domains.split(","))

    def check_together(self):
        """See the base class."""
        if bool(self.data_dir) == bool(self.drawn):
            raise ConfigError(
                "Expected --data_dir=FOLDER,FOLDER or --drawn=plates, one of them. "
                f"Received: data_dir={self.data_dir!r}, drawn={self.drawn!r}"
            )
        self._check_domains()
        if self.model == "cyclegan":
            try:
                num_halvings_of_patch(self.patch_size, self.image_size)
            except ValueError as error:
                raise ConfigError(str(error)) from error
        multiple = 2**self.num_halvings
        if self.image_size % multiple:
            raise ConfigError(
                f"Expected --image_size divisible by {multiple}. Received: {self.image_size}"
            )
        if self.model == "stargan" and self.batch_size < 2:
            raise ConfigError(
                "Expected --batch_size from 2 with stargan, whose targets are the domains of the "
                f"batch. Received: {self.batch_size}"
            )
        if self.adversarial_loss == "wasserstein" and not self._has_penalty:
            raise ConfigError(
                "Expected --model=stargan and --gradient_penalty_weight above 0 with "
                "--adversarial_loss=wasserstein, or the discriminator's answers grow without "
                f"bound. Received: model={self.model!r}, "
                f"gradient_penalty_weight={self.gradient_penalty_weight}"
            )
        if self.pool_size and self.batch_size > self.pool_size:
            raise ConfigError(
                "Expected --pool_size of --batch_size or more, or 0. Received: "
                f"pool_size={self.pool_size}, batch_size={self.batch_size}"
            )
        check_devices(self)

    @property
    def _has_penalty(self):
        return self.model == "stargan" and self.gradient_penalty_weight > 0

    def _check_domains(self):
        if not self.drawn:
            return
        names = self.domain_names
        try:
            value_numbers(self.factor, names)
        except ValueError as error:
            raise ConfigError(f"{error} (--domains)") from error
        if len(set(names)) < len(names) or len(names) < 2:
            raise ConfigError(
                f"Expected two or more domains, each once. Received: {', '.join(names)}"
            )
        if self.model == "cyclegan" and len(names) != 2:
            raise ConfigError(
                f"Expected two domains with cyclegan. Received: {', '.join(names)}; "
                "--model=stargan takes more"
            )
        if self.channels != 3 or self.image_size < 32:
            raise ConfigError(
                "Expected --channels=3 and --image_size from 32 with --drawn, or their colours "
                f"can't be read. Received: channels={self.channels}, "
                f"image_size={self.image_size}"
            )
