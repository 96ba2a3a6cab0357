"""absl flags, made from the settings' own declarations, and their way into a configuration."""

import dataclasses

from absl import flags

from tfgan_lab.runs.settings.declaration import group_of_each
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.settings.validity import SOURCES, text_of

_DEFINE = {
    bool: flags.DEFINE_bool,
    int: flags.DEFINE_integer,
    float: flags.DEFINE_float,
    tuple: flags.DEFINE_list,
    str: flags.DEFINE_string,
}


def define_run_flags(values: flags.FlagValues, settings=RunConfig) -> None:
    """Defines a flag for every setting of a run that has one, and those of the command itself.

    A flag that isn't given has no value: then the preset decides.

    Args:
        values: where to define them; a set of their own, so that nothing global is touched.
        settings: class of the configuration, a ``tfgan_lab.runs.settings.declaration.Settings``.
    """
    groups = group_of_each(settings)
    for field in dataclasses.fields(settings):
        name, metadata = field.name, field.metadata
        own = {"flag_values": values, "module_name": groups[name]}
        choices = [choice for choice in metadata["choices"] if choice != ""]
        if not metadata["flag"]:
            continue
        if field.type is str and choices:
            flags.DEFINE_enum(name, None, choices, metadata["meaning"], **own)
        else:
            _DEFINE[field.type](name, None, metadata["meaning"], **own)
    flags.DEFINE_bool(
        "dry_run", False, "say what would be done, and do nothing", flag_values=values
    )
    flags.DEFINE_bool(
        "overwrite", False, "remove the run in --run_dir and start over", flag_values=values
    )


def config_from_flags(values: flags.FlagValues, settings=RunConfig, **defaults):
    """Makes the configuration: preset, then the command's defaults, then the flags given.

    Args:
        values: parsed flags.
        settings: class of the configuration, as for ``define_run_flags``.
        **defaults: settings that the command sets unless a flag does.

    Returns:
        An object of that class.

    Raises:
        ConfigError: what was given can't be run.
    """
    return settings.from_preset(**settings_from_flags(values, settings, **defaults))


def settings_from_flags(values: flags.FlagValues, settings=RunConfig, **defaults) -> dict:
    """The settings given, without what a preset makes of them.

    Args:
        values: parsed flags.
        settings: class of the configuration, as for ``define_run_flags``.
        **defaults: as of ``config_from_flags``.

    Raises:
        ConfigError: a list that is none, or two budgets.
    """
    given = dict(defaults)
    for field in dataclasses.fields(settings):
        if field.name not in values:
            continue
        value = values[field.name].value
        if value is not None:
            given[field.name] = _whole_numbers(field, value) if field.type is tuple else value
    if "images" in given and values["images"].present and values["epochs"].present:
        raise ConfigError("Expected --epochs or --images, not both")
    # The command's own source of images gives way to one that a flag names.
    sources = [source for source in SOURCES if source in settings.__dataclass_fields__]
    if any(values[source].present for source in sources):
        for source in sources:
            if not values[source].present:
                given.pop(source, None)
    return given


def defaults_in_words(values: flags.FlagValues, settings=RunConfig) -> dict:
    """What settings are unless a flag says otherwise, beside the flags that are given; for a help.

    Args:
        values: parsed flags.
        settings: class of the configuration, as for ``define_run_flags``.

    Returns:
        Dict of a setting's name to words, "" for none.

    Raises:
        ConfigError: see ``settings_from_flags``.
    """
    fields, given = settings.__dataclass_fields__, settings_from_flags(values, settings)
    # What differs between a small set and a large one, the preset chooses from the images.
    stand_ins = [{"drawn": "plates", "num_drawn": count} for count in (300, 30_000)]
    if any(source in given for source in SOURCES):
        stand_ins = [{}]
    small, *large = [settings.preset_values(**each | given) for each in stand_ins]
    shown = {name: _in_words(field.default) for name, field in fields.items()}
    for name in small.keys() - stand_ins[0].keys():
        same = all(each.get(name) == small[name] for each in large)
        shown[name] = _in_words(small[name]) if same else "depends on the images"
    if shown["images"]:
        shown["epochs"] = ""
    return shown


def _in_words(value):
    return str(value).lower() if isinstance(value, bool) else text_of(value)


def _whole_numbers(field, texts):
    try:
        return tuple(int(text) for text in texts)
    except ValueError:
        raise ConfigError(
            f"Expected --{field.name} as whole numbers, separated by commas. "
            f"Received: {','.join(texts)}"
        ) from None
