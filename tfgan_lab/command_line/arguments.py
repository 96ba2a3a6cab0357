"""The words of a command line that are no flags, where a command takes one or none."""


def only_run(arguments):
    """The one word that a command takes: a run directory.

    Args:
        arguments: list of words.

    Raises:
        ConfigError: none, or several.
    """
    from tfgan_lab.runs.settings.run_config import ConfigError

    if len(arguments) != 1:
        raise ConfigError(f"Expected one run directory. Received: {len(arguments)} arguments")
    return arguments[0]


def only_flags(arguments):
    """Refuses words where a command takes flags alone.

    Args:
        arguments: list of words.

    Raises:
        ConfigError: there is one.
    """
    from tfgan_lab.runs.settings.run_config import ConfigError

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
    from tfgan_lab.runs.settings.run_config import ConfigError

    given = [f"--{name}" for name in names if values[name].present]
    if given:
        raise ConfigError(f"Expected {why}. Received: {', '.join(given)}, of no effect")
