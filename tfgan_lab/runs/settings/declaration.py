"""How the settings of runs are declared, and what all configurations of them can do."""

import abc
import dataclasses
import math

from tfgan_lab._version import __version__
from tfgan_lab.runs.settings.conditions import check_conditions
from tfgan_lab.runs.settings.validity import ConfigError, checked

# In which a help and the documentation show settings, in this order.
GROUPS = (
    "data",
    "run",
    "budget",
    "images",
    "networks",
    "classes",
    "loss and penalties",
    "augmentation",
    "optimisers",
    "update rule",
    "output",
    "machine",
)


def setting(default, meaning, *, choices=(), low=None, high=None, needs=(), **more):
    """Declares a setting.

    Args:
        default: its value unless a preset or flag says otherwise.
        meaning: the flag's help.
        choices: allowed values; where each stands for a part, a dict of value to ``parts.Part``.
            Of a number or a truth, the ``Part`` that any value but 0 and false switches on.
        low: least allowed number.
        high: greatest allowed number.
        needs: what must hold for it to have an effect, besides that a part takes it: a tuple of
            names, of ``conditions.Is``, or of tuples of those of which one is enough.
        **more: ``identity=False`` where runs that differ in it are the same run, which may be
            resumed with another value; ``flag=False`` where it is no flag of the command line;
            ``group``, out of ``GROUPS``, where one begins that the following settings belong to.
    """
    usual = {"identity": True, "flag": True, "group": None}
    if not more.keys() <= usual.keys():
        raise TypeError(f"Expected {', '.join(usual)}. Received: {', '.join(more)}")
    metadata = {"meaning": meaning, "low": low, "high": high, "needs": needs} | usual | more
    return dataclasses.field(default=default, metadata=metadata | _choices(choices))


def again(kind, name, **changes):
    """Declares a setting of a base class again, with another default, say.

    Args:
        kind: the base class.
        name: of the setting.
        **changes: ``default`` and arguments of ``setting`` that differ.
    """
    field = kind.__dataclass_fields__[name]
    default = changes.pop("default", field.default)
    if "choices" in changes:
        changes |= _choices(changes["choices"])
    return dataclasses.field(default=default, metadata={**field.metadata, **changes})


def _choices(choices):
    if isinstance(choices, dict):
        return {"choices": tuple(choices), "parts": choices}
    if isinstance(choices, tuple):
        return {"choices": choices, "parts": {}}
    return {"choices": (), "parts": {True: choices}}


def group_of_each(kind) -> dict:
    """The group of every setting.

    Args:
        kind: class of a configuration.

    Returns:
        Dict of name to group, sorted by ``GROUPS`` and then as they are declared.
    """
    groups, group = {}, GROUPS[-1]
    for field in dataclasses.fields(kind):
        group = groups[field.name] = field.metadata["group"] or group
    return dict(sorted(groups.items(), key=lambda item: GROUPS.index(item[1])))


class Settings(abc.ABC):
    """Abstract: a frozen dataclass of settings, with ``epochs``, ``images`` and ``batch_size``.

    A concrete one declares its settings, says in ``preset_values`` what a preset makes of them,
    and checks in ``check_together`` what declarations can't say. ``KIND`` says what runs it is of;
    ``MARK`` is a setting that all of these have recorded, and runs of no other kind.
    """

    @classmethod
    def from_preset(cls, preset="", **overrides):
        """Makes a configuration from a preset and what differs from it.

        Args:
            preset: name of a preset; the default one unless given.
            **overrides: any settings.

        Raises:
            ConfigError: an unknown name, or a setting out of its bounds or without effect.
        """
        return cls(**cls.preset_values(preset, **overrides))

    @classmethod
    @abc.abstractmethod
    def preset_values(cls, preset="", **overrides) -> dict:
        """The settings of a preset that differ from the defaults, before they are checked together.

        Args:
            preset: as of ``from_preset``.
            **overrides: any settings.

        Raises:
            ConfigError: an unknown name, or a setting out of its bounds.
        """

    @abc.abstractmethod
    def check_together(self) -> None:
        """Raises ``ConfigError`` where settings contradict each other."""

    @classmethod
    def checked_by_name(cls, values) -> dict:
        """Checks that these are settings, each by itself.

        Args:
            values: dict of name to value.

        Returns:
            The dict, values in their declared types.

        Raises:
            ConfigError: an unknown name, or a value out of its bounds.
        """
        fields = {field.name: field for field in dataclasses.fields(cls)}
        for name in values:
            if name not in fields:
                raise ConfigError(f"Expected the name of a setting. Received: {name!r}")
        return {name: checked(fields[name], value) for name, value in values.items()}

    @classmethod
    def of_record(cls, record):
        """Makes the configuration of a run from its record; what it doesn't name has its default.

        Args:
            record: what ``tfgan_lab.runs.training.run_record.read_record`` returned.

        Raises:
            ConfigError: the record is of a run of another kind, or of a later version.
        """
        cls.check_known(record)
        return cls(**record["settings"])

    @classmethod
    def check_known(cls, record):
        """Checks that a run has no settings that nothing here would look at.

        Args:
            record: see ``of_record``.

        Raises:
            ConfigError: as ``of_record``.
        """
        settings = record["settings"]
        unknown = sorted(settings.keys() - {field.name for field in dataclasses.fields(cls)})
        if unknown and cls.MARK not in settings:
            raise ConfigError(
                f"Expected {cls.KIND}. Received: a run of another kind, which has settings such as "
                f"--{unknown[0]}"
            )
        if unknown:
            versions = record["sessions"][-1].get("versions", {})
            raise ConfigError(
                f"Expected a run of this version, {__version__}, or an earlier one. Received: a "
                f"run of tfgan_lab {versions.get('tfgan_lab', 'unknown')}, with settings that are "
                f"unknown here: --{', --'.join(unknown)}. Take the version that it is of"
            )

    def __post_init__(self):
        """Checks every setting by itself, then the ones that concern each other."""
        for field in dataclasses.fields(self):
            object.__setattr__(self, field.name, checked(field, getattr(self, field.name)))
        self.check_together()
        check_conditions(self)
        self.num_images()

    def num_images(self):
        """The budget of ``images`` as a number, or ``None`` where epochs count."""
        if not self.images:
            return None
        text, unit = self.images.lower(), 1
        if text[-1] in "km":
            text, unit = text[:-1], {"k": 1000, "m": 1_000_000}[text[-1]]
        try:
            count = float(text) * unit
        except ValueError:
            count = math.nan
        if not 1 <= count <= 1e12:
            raise ConfigError(
                f"Expected --images as a number such as 200k or 1.5m. Received: {self.images!r}"
            )
        return int(count)

    def total_epochs(self, steps_per_epoch) -> int:
        """Number of epochs of the run's budget: ``epochs``, or enough for ``images``.

        Args:
            steps_per_epoch: int, batches in an epoch.
        """
        images = self.num_images()
        if images is None:
            return self.epochs
        return math.ceil(images / (steps_per_epoch * self.batch_size))

    def to_dict(self) -> dict:
        """Returns all settings as JSON values."""
        return {
            field.name: list(value) if isinstance(value, tuple) else value
            for field in dataclasses.fields(self)
            for value in [getattr(self, field.name)]
        }

    def differences(self, other: dict) -> dict:
        """Which settings of identity differ from those of another run.

        Args:
            other: settings as returned by ``to_dict``.

        Returns:
            Dict of name to (this value, other value).
        """
        mine = self.to_dict()
        mine_by_default = {field.name: field.default for field in dataclasses.fields(self)}
        return {
            field.name: (mine[field.name], other.get(field.name, mine_by_default[field.name]))
            for field in dataclasses.fields(self)
            # A run from before a setting was introduced did as its default does.
            if field.metadata["identity"]
            and mine[field.name] != other.get(field.name, mine_by_default[field.name])
        }
