"""What the runners of several runs have in common: flags, plans, measures, tables."""

import pathlib

from absl import flags

from tfgan_lab.command_line.arguments import only_flags
from tfgan_lab.files import write_atomically, write_json
from tfgan_lab.runs.settings.validity import ConfigError


def define_measure_flags(values, features, num_fakes=0):
    """Defines what every run is measured by.

    Args:
        values: where to define them.
        features: str, what distances are taken in unless a flag says otherwise.
        num_fakes: int, generated images to measure unless a flag says otherwise; 0 for as many as
            there are real ones.
    """
    flags.DEFINE_string(
        "features", features, "what distances are taken in, see tfgan-lab evaluate",
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_string("weights", "", "file of an Inception's weights", flag_values=values)
    flags.DEFINE_integer(
        "num_fakes", num_fakes, "generated images that each run is measured on"
        + ("" if num_fakes else "; as many as real ones unless given"),
        lower_bound=16 if num_fakes else 0, flag_values=values,
    )  # fmt: skip


def comparison_folder(arguments, values) -> pathlib.Path:
    """The folder of all runs of a comparison.

    Args:
        arguments: words of the command line, of which there may be none.
        values: parsed flags.

    Raises:
        ConfigError: there are words, or no ``--run_dir``.
    """
    only_flags(arguments)
    if not values.run_dir:
        raise ConfigError("Expected --run_dir=FOLDER to write the runs to. Received: none")
    return pathlib.Path(values.run_dir)


def chosen(values, name, choices) -> list:
    """The names that a flag lists, in the order of all there are.

    Args:
        values: parsed flags.
        name: of a flag that is a list; empty for all.
        choices: iterable of the names.

    Raises:
        ConfigError: an unknown name.
    """
    choices, given = list(choices), values[name].value
    unknown = [each for each in given if each not in choices]
    if unknown:
        raise ConfigError(
            f"Expected --{name} out of {', '.join(choices)}. Received: {', '.join(unknown)}"
        )
    return [each for each in choices if each in given] if given else choices


def numbers(values, name, low, high) -> list:
    """The numbers that a flag lists, each once.

    Args:
        values: parsed flags.
        name: of a flag that is a list.
        low: the least that is allowed; the numbers are whole where this is.
        high: the greatest.

    Raises:
        ConfigError: none, or what is no such number.
    """
    try:
        found = [type(low)(text) for text in values[name].value]
    except ValueError:
        found = []
    if not found or not all(low <= each <= high for each in found):
        raise ConfigError(
            f"Expected --{name} as {'whole ' * isinstance(low, int)}numbers from {low:g} to "
            f"{high:g}, separated by commas. Received: {','.join(values[name].value)}"
        )
    return list(dict.fromkeys(found))


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


def available_request(values):
    """What to measure: FID, KID and, where the features know classes, the Inception Score.

    Args:
        values: parsed flags, see ``define_measure_flags``.

    Returns:
        ``tfgan_lab.runs.Request``, of random features where Inception's weights are out of reach.
    """
    from tfgan_lab.metrics.choice import choose_features
    from tfgan_lab.runs import Request

    features = values.features
    if features == "inception" and not values.weights:
        try:
            choose_features(features, ())
        except ConnectionError as error:
            print(f"Note: {error}. Distances will be of random features; no Inception Score.")
            features = "random"
    metrics = ("fid", "kid") if features == "random" else ("fid", "inception_score", "kid")
    return Request(features, values.weights, metrics, values.num_fakes)


def by_metric(row, key="value") -> dict:
    """What the evaluations of a run say, by the metric's name.

    Args:
        row: dict with ``evaluations``, dicts as in ``metrics.json``.
        key: which entry of each.
    """
    return {entry["metric"]: entry[key] for entry in row["evaluations"]}


def first_seeds(results) -> dict:
    """The first seed of every combination that was not lost.

    Args:
        results: what ``tfgan_lab.runs.run_sweep`` returned.

    Returns:
        Dict of a combination's name to its result.
    """
    first = {}
    for each in results:
        if each["status"] == "done":
            first.setdefault(each["name"], each)
    return first


def failed_lines(results) -> list:
    """What failed and why, in Markdown.

    Args:
        results: what ``tfgan_lab.runs.run_sweep`` returned.
    """
    return [f"\nFailed: {each['name']}, seed {each['seed']}: {each['error']}"
            for each in results if each["status"] == "failed"]  # fmt: skip


def write_results(folder, name, lines, record) -> str:
    """Writes ``NAME.md`` and ``NAME.json``.

    Args:
        folder: path.
        name: str, of both files.
        lines: list of str, in Markdown.
        record: the numbers that they show.

    Returns:
        The text of ``NAME.md``.
    """
    text = "\n".join(lines) + "\n"
    write_atomically(pathlib.Path(folder, f"{name}.md"), text.encode())
    write_json(pathlib.Path(folder, f"{name}.json"), record)
    return text
