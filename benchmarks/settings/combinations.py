"""Combinations of settings, drawn at random within what is declared, and a bit beyond."""

import dataclasses

import numpy as np
from absl import flags

from tfgan_lab.command_line.flags import define_run_flags, settings_from_flags
from tfgan_lab.runs import TRANSLATION_PRESETS, TranslationConfig
from tfgan_lab.runs.settings.presets import PRESETS
from tfgan_lab.runs.settings.run_config import RunConfig

MOST_GIVEN = 7  # settings of a combination, besides those that keep it small
PART_OUTSIDE = 0.03  # of values that are beyond their bounds, or of another kind

# What keeps a training to a second or two, whatever else is drawn.
_SMALL = {"image_size": 16, "channels": 3, "batch_size": 4, "epochs": 1}
_DRAWN = {"drawn": "plates", "num_drawn": 8}
PART_DRAWN = 0.3  # of combinations; the others have images of two classes in a file
_WIDTHS = {"generator_widths": (4, 4, 4), "discriminator_widths": (4, 4, 4), "latent_size": 4}
# Features need 32 pixels.
_SMALL_PROJECTED = {
    "image_size": 32, "generator_widths": (4, 4, 4, 4), "discriminator_widths": (4,),
    "feature_size": 32,
}  # fmt: skip
_SMALL_TRANSLATOR = {
    "image_size": 32, "batch_size": 2, "drawn": "plates", "num_drawn": 30, "epochs": 1,
    "generator_width": 2, "num_blocks": 1, "num_halvings": 1, "discriminator_width": 2,
}  # fmt: skip

# Values where any within the bounds would be a waste, or would cost hours.
_POOLS = {
    "image_size": (16, 32, 24, 17), "batch_size": (1, 2, 4, 8), "num_drawn": (2, 30, 60),
    "latent_size": (1, 4, 9),
    "latent_distribution": ("uniform(-1,1)", "gamma(2,1)", "sphere", "cauchy"),
    "generator_widths": ((4, 4), (4, 4, 4), (2, 4, 6, 4), (0, 4)),
    "discriminator_widths": ((4,), (4, 4), (4, 4, 4), (2, 4, 6, 4)), "class_widths": ((4,), (4, 2)),
    # Not 64: at 32 pixels it is what is chosen, and would seem to be ignored.
    "feature_size": (0, 32, 96, 33),
    "pixel_range": ((0, 1), (-1, 1), (0, 255)), "epochs": (1, 2), "images": ("8", "0.02k", "many"),
    "first_stride": (1, 2, 3), "kernel_size": (1, 3, 4, 5), "discriminator_steps": (1, 2),
    "steps_per_execution": (1, 2, 3), "evaluate_every": (0, 8), "maps_every": (0, 1),
    "diagnose_every": (0, 4, 8), "snapshot_every": (1, 2), "checkpoint_every": (1, 2),
    "ema_half_life_images": (0, 8, 100), "ada_images": (8, 100), "penalty_anneal_images": (0, 8),
    "seed": (0, 1, 2**31 - 1), "subset": (0.5, 0.9, 1.0),
    "generator_width": (2, 3), "discriminator_width": (2, 3), "num_blocks": (1, 2),
    "num_halvings": (1, 2, 3), "pool_size": (0, 2, 4), "domains": ("red,blue", "red,pink"),
    "data_dir": ("no_such_folder",), "tfds_name": ("no_such_set",), "tfds_label": ("1",),
    "tfds_split": ("train[:10]",), "channels": (1, 3, 3), "devices": (1, 2),
}  # fmt: skip
_NEVER = {"run_dir", "preset"}


@dataclasses.dataclass(frozen=True)
class Combination:
    """Settings as somebody might give them.

    Args:
        kind: class of the configuration.
        preset: name.
        given: dict of the other settings.
    """

    kind: type
    preset: str
    given: dict

    def config(self, run_dir, without=None):
        """The configuration, by way of the command line's flags where there are any.

        Args:
            run_dir: path to train in.
            without: name of a setting to leave out, or ``None``.

        Raises:
            ConfigError, absl.flags.Error: it is refused.
        """
        values = flags.FlagValues()
        define_run_flags(values, self.kind)
        values(["train", *self.words(without), f"--run_dir={run_dir}"])
        given = settings_from_flags(values, self.kind)
        fields = self.kind.__dataclass_fields__
        others = {
            name: value
            for name, value in self.given.items()
            if not fields[name].metadata["flag"] and name != without
        }
        return self.kind.from_preset(**given, **others)

    def words(self, without=None) -> list:
        """The words of a command line, without settings that are no flags.

        Args:
            without: name of a setting to leave out, or ``None``.
        """
        words = [f"--preset={self.preset}"]
        for name, value in self.given.items():
            if name == without or not self.kind.__dataclass_fields__[name].metadata["flag"]:
                continue
            if isinstance(value, bool):
                words.append(f"--{name}" if value else f"--no{name}")
            else:
                text = ",".join(map(str, value)) if isinstance(value, tuple) else value
                words.append(f"--{name}={text}")
        return words


def draw(seed, index, data_dir="images.npz") -> Combination:
    """Draws a combination; the same for the same numbers.

    Args:
        seed: int, of all combinations.
        index: int, of this one.
        data_dir: path of a file with images of two classes or more.
    """
    rng = np.random.default_rng((seed, index))
    translates = rng.random() < 0.25
    kind = TranslationConfig if translates else RunConfig
    preset = str(rng.choice(sorted(TRANSLATION_PRESETS if translates else PRESETS)))
    source = _DRAWN if rng.random() < PART_DRAWN else {"data_dir": str(data_dir)}
    given = dict(_SMALL_TRANSLATOR if translates else _SMALL | _WIDTHS | source)
    if preset == "projected":
        given |= _SMALL_PROJECTED
    fields = [field for field in dataclasses.fields(kind) if field.name not in _NEVER]
    count = int(rng.integers(0, MOST_GIVEN + 1))
    for place in rng.choice(len(fields), count, replace=False):
        field = fields[place]
        given[field.name] = _value(field, rng)
        if field.name == "images":
            given.pop("epochs", None)  # Both are refused; drawn in the other order, they still are.
    return Combination(kind, preset, given)


def _value(field, rng):
    choices, low, high = (field.metadata[name] for name in ("choices", "low", "high"))
    if rng.random() < PART_OUTSIDE:
        return "some" if low is None else field.type(low - 1)
    if field.name in _POOLS:
        pool = _POOLS[field.name]
        return pool[int(rng.integers(len(pool)))]
    if choices:
        choices = [choice for choice in choices if choice != ""]  # No flag says nothing.
        return choices[int(rng.integers(len(choices)))]
    if field.type is bool:
        return bool(rng.random() < 0.5)
    if field.type is float:
        low, high = low or 0.0, 1.0 if high is None else high
        return float(rng.choice([low, high, low + (high - low) * round(float(rng.random()), 2)]))
    raise ValueError(f"Expected a pool of values for --{field.name}. Received: none")
