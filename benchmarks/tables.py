"""What a benchmark prints and, with ``--table``, writes for the documentation."""

import pathlib

from absl import app, flags

from tfgan_lab.files import write_json

flags.DEFINE_string("table", "", "write FILE.md, and the numbers beside it where they are kept")

FLAGS = flags.FLAGS


def write_table(module, lines, record=None, shown=True) -> None:
    """Prints a benchmark's lines, and writes them to ``--table``.

    Args:
        module: name of the benchmark's module within ``benchmarks``.
        lines: list of str, in Markdown.
        record: what ``FILE.json`` is to hold; none is written unless given.
        shown: whether to print them.
    """
    if shown:
        print("\n".join(lines), flush=True)
    if FLAGS.table:
        lines = [f"<!-- Written by benchmarks/{module}.py. -->", "", *lines]
        pathlib.Path(f"{FLAGS.table}.md").write_text("\n".join(lines) + "\n")
        if record is not None:
            write_json(f"{FLAGS.table}.json", record)


def chosen(given, known, what) -> list:
    """The names given, or all there are where none is.

    Args:
        given: list of str.
        known: iterable of the names there are.
        what: str, what they are names of.

    Raises:
        app.UsageError: an unknown name.

    Example:
        >>> chosen([], ["size", "batch"], "axes"), chosen(["batch"], ["size", "batch"], "axes")
        (['size', 'batch'], ['batch'])
    """
    unknown = [name for name in given if name not in known]
    if unknown:
        raise app.UsageError(
            f"Expected {what} out of {', '.join(known)}. Received: {', '.join(unknown)}"
        )
    return list(given or known)
