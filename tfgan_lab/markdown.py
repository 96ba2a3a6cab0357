"""Tables in Markdown."""

import re

UNESCAPED = re.compile(r"(?<!\\)\|")  # a bar that would end a cell


def table_lines(heads, rows) -> list:
    r"""A table, line by line.

    Args:
        heads: iterable of str, one a column.
        rows: iterable of as many cells each; what is no text is written as ``str`` does.

    Returns:
        List of str.

    Example:
        >>> print("\n".join(table_lines(["run", "KID"], [["a|b", 0.5]])))
        | run | KID |
        |---|---|
        | a\|b | 0.5 |
    """
    heads = list(heads)
    return [_line(heads), "|---" * len(heads) + "|", *map(_line, rows)]


def number(value, deviation=None, digits=4, missing="–") -> str:
    """A number as a cell shows it.

    Args:
        value: float, or ``None`` where there is none.
        deviation: float to stand behind it, or ``None``.
        digits: int, significant digits of the value; the deviation has two.
        missing: str, what stands for ``None``.

    Example:
        >>> number(0.123456), number(3.0, 0.25), number(None)
        ('0.1235', '3 ± 0.25', '–')
    """
    if value is None:
        return missing
    return f"{value:.{digits}g}" + ("" if deviation is None else f" ± {deviation:.2g}")


def _line(cells):
    # Bars that are escaped already stay as they are.
    cells = (UNESCAPED.sub(r"\|", str(cell)) for cell in cells)
    return f"| {' | '.join(cells)} |"
