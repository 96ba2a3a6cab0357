"""What the runners of several runs have in common."""

import pathlib

from tfgan_lab.command_line.arguments import only_flags


def comparison_folder(arguments, values) -> pathlib.Path:
    """The folder of all runs of a comparison.

    Args:
        arguments: words of the command line, of which there may be none.
        values: parsed flags.

    Raises:
        ConfigError: there are words, or no ``--run_dir``.
    """
    from tfgan_lab.runs.settings.run_config import ConfigError

    only_flags(arguments)
    if not values.run_dir:
        raise ConfigError("Expected --run_dir=FOLDER to write the runs to. Received: none")
    return pathlib.Path(values.run_dir)


def described(values, configs) -> bool:
    """Says what the runs would be, where ``--dry_run`` asks for no more.

    Args:
        values: parsed flags.
        configs: list of ``RunConfig``.

    Returns:
        Whether it did, and there is nothing left to do.
    """
    if values.dry_run:
        from tfgan_lab.runs.training.dry_run import describe

        print("\n".join(map(describe, configs)))
    return values.dry_run


def available_features(kind, weights):
    """The features asked for, or random ones where Inception's weights are out of reach.

    Args:
        kind: name of the features.
        weights: path of an Inception's weights, or an empty text.
    """
    from tfgan_lab.metrics.choice import choose_features

    if kind == "inception" and not weights:
        try:
            choose_features(kind, ())
        except ConnectionError as error:
            print(f"Note: {error}. Distances will be of random features; no Inception Score.")
            return "random"
    return kind
