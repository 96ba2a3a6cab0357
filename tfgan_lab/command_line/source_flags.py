"""Flags of the verbs that take images from any source, and the source they name."""

import shlex

from tfgan_lab.command_line.arguments import refuse_without_effect
from tfgan_lab.command_line.quiet import import_tensorflow
from tfgan_lab.command_line.shared_flags import define_flag
from tfgan_lab.runs.settings.validity import ConfigError


def define_source_flags(values) -> None:
    """Defines the flags that name a source which is no path.

    Args:
        values: where to define them.
    """
    define_flag(values, "tfds_name", "", "a data set of TensorFlow Datasets, such as food101")
    define_flag(values, "tfds_label", "", "its one class to take, by name or number")
    define_flag(values, "tfds_split", "", "its split, such as train[:1000]")
    define_flag(values, "drawn", str, "drawn images instead", choices=("plates", "vehicles"))
    define_flag(values, "num_drawn", 345, "number of drawn images", low=1)
    define_flag(values, "image_size", 64, "height and width that training would use", low=0)
    define_flag(values, "seed", 0, "key of the drawing", low=0)


def source_from_flags(arguments, values, several=False):
    """Opens the one source that a path or flags name.

    Args:
        arguments: the words that are no flags.
        values: parsed flags.
        several: bool, whether several paths are a domain each of one source.

    Returns:
        ``tfgan_lab.data.sources.Source``.

    Raises:
        ConfigError: no source, or more than one.
        OSError, ValueError: there is no such source, or it is damaged.
    """
    from tfgan_lab.data.sources import TFRecordSource, open_domains
    from tfgan_lab.runs.settings.named_source import open_source

    named = bool(arguments) + bool(values.tfds_name) + bool(values.drawn)
    if named != 1 or (len(arguments) > 1 and not several):
        raise ConfigError(
            f"Expected one folder or file, --tfds_name or --drawn. Received: {len(arguments)} "
            f"arguments, tfds_name={values.tfds_name!r}, drawn={values.drawn!r}"
        )
    if values.tfds_name:
        import_tensorflow(values.debug)
    else:
        own = ["tfds_label", "tfds_split"]
        refuse_without_effect(values, own, "--tfds_name=NAME with flags of such a set")
    if not values.drawn:
        refuse_without_effect(values, ["num_drawn"], "--drawn with a number of drawn images")
    names = ("tfds_name", "tfds_label", "tfds_split", "num_drawn", "image_size", "seed")
    settings = {name: values[name].value for name in names}
    settings |= {"drawn": values.drawn or "", "data_dir": arguments[0] if arguments else ""}
    source = open_domains(arguments) if len(arguments) > 1 else open_source(settings)
    if any(isinstance(each, TFRecordSource) for each in getattr(source, "sources", [source])):
        import_tensorflow(values.debug)
    return source


def source_words(arguments, values) -> str:
    """The flags that have a training take the same source, or domains where there are several.

    Args:
        arguments: the words that are no flags.
        values: parsed flags.
    """
    words = [f"--data_dir={','.join(arguments)}"] if arguments else []
    names = ("tfds_name", "tfds_label", "tfds_split", "drawn", "num_drawn", "image_size", "seed")
    words += [f"--{name}={values[name].value}" for name in names if values[name].present]
    return shlex.join(words)
