"""The words of a command line that are no flags, and flags that are out of place."""

from tfgan_lab.runs.settings.validity import ConfigError


def only_run(arguments):
    """The one word that a command takes: a run directory.

    Args:
        arguments: list of words.

    Raises:
        ConfigError: none, or several.
    """
    if len(arguments) != 1:
        raise ConfigError(f"Expected one run directory. Received: {len(arguments)} arguments")
    return arguments[0]


def run_and_images(arguments):
    """A run directory, and the images behind it.

    Args:
        arguments: list of words.

    Raises:
        ConfigError: fewer than two.
    """
    if len(arguments) < 2:
        raise ConfigError(
            f"Expected a run directory and at least one image. Received: {len(arguments)} arguments"
        )
    return arguments[0], arguments[1:]


def only_flags(arguments):
    """Refuses words where a command takes flags alone.

    Args:
        arguments: list of words.

    Raises:
        ConfigError: there is one.
    """
    if arguments:
        raise ConfigError(f"Expected flags only. Received: {arguments[0]!r}")


def refuse_without_effect(values, names, why):
    """Refuses flags that would change nothing.

    Args:
        values: parsed flags.
        names: those that have no effect here.
        why: str, what would give them one, or what is in their way; ends the sentence's first half.

    Raises:
        ConfigError: one of them was given.
    """
    given = [f"--{name}" for name in names if values[name].present]
    if given:
        raise ConfigError(f"Expected {why}. Received: {', '.join(given)}, of no effect")
