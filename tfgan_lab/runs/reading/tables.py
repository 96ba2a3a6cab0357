"""The tables of what was measured, and how a table becomes text: rows of words, heads first."""

import numpy as np

from tfgan_lab.markdown import number

MOST_CLASSES = 20  # that a table shows


def aligned(table) -> list:
    """Lines of a table for the console: columns of numbers to the right, words to the left.

    Args:
        table: list of lists of str, heads first.

    Example:
        >>> aligned([["metric", "value", "good is"], ["kid", "0.1", "low"]])
        ['metric  value  good is', 'kid       0.1  low']
    """
    columns = list(zip(*table, strict=True))
    widths = [max(map(len, column)) for column in columns]
    are_words = [any(cell[:1].isalpha() for cell in column[1:]) for column in columns]
    are_words[0] = True
    return [
        "  ".join(
            cell.ljust(width) if words else cell.rjust(width)
            for cell, width, words in zip(row, widths, are_words, strict=True)
        ).rstrip()
        for row in table
    ]


def evaluation_table(entries, *more) -> list:
    """Values with their errors, and what real images beside real ones have.

    Args:
        entries: list of dicts as in ``metrics.json``.
        *more: (head, function of an entry to str), further columns.
    """
    heads = ["metric", "value", "± error", "real against real", "good is"]
    rows = [
        [
            entry["metric"],
            number(entry["value"], digits=5, missing="nan"),
            number(entry["standard_error"], digits=2, missing=""),
            number(entry["real_baseline"], missing=""),
            entry["better"],
        ]
        for entry in entries
    ]
    columns = [[head, *map(function, entries)] for head, function in more]
    return [row + list(cells) for row, *cells in zip([heads, *rows], *columns, strict=True)]


def protocol_lines(entries) -> list:
    """What evaluations were taken with, and what they can't say, as sentences.

    Args:
        entries: list of dicts as in ``metrics.json``, all of one call.
    """
    protocol, counts = entries[0]["protocol"], entries[0]["counts"]
    warnings = dict.fromkeys(warning for each in entries for warning in each["warnings"])
    return [
        f"Features: {protocol['features']}, resizer: {protocol['resizer']}; {counts['real']} real "
        f"and {counts['fake']} generated images; real against real: "
        f"{' and '.join(map(str, counts['real_baseline']))}.",
        *(f"Note: {warning}" for warning in warnings),
    ]


def class_table(record) -> list:
    """A row for each class: its accuracy, its KID, and what else its images are taken for.

    Args:
        record: content of ``classes.json``.
    """
    table = [["class", "accuracy", "kid", "real against real", "else taken for"]]
    names = record["class_names"]
    for label, (name, accuracy, kid, baseline, counts) in enumerate(
        zip(
            names,
            record["class_accuracies"],
            record["kid"],
            record["kid_real_baseline"],
            record["confusion"],
            strict=True,
        )
    ):
        others = [count if other != label else 0 for other, count in enumerate(counts)]
        most = int(np.argmax(others))
        taken = f"{names[most]} ({others[most]})" if others[most] else ""
        table.append(
            [name, f"{accuracy:.1%}", number(kid, missing=""), number(baseline, missing=""), taken]
        )
    left_out = [["...", "", "", "", ""]] if len(names) > MOST_CLASSES else []
    return table[: MOST_CLASSES + 1] + left_out


def kid_table(rows) -> list:
    """KID to the target domain in every direction, before and after translating.

    Args:
        rows: what ``measure_kid`` returned.
    """
    table = [["direction", "KID before", "after", "± error", "real against real"]]
    for row in rows:
        before, after = row["before"], row["after"]
        table.append(
            [
                f"{row['source']} to {row['target']}",
                number(before["value"]),
                number(after["value"]),
                number(after["standard_error"], digits=2, missing=""),
                number(after["real_baseline"], missing=""),
            ]
        )
    return table


def factor_table(rows) -> list:
    """What became of the factor and of all else in every direction.

    Args:
        rows: what ``measure_factors`` returned.
    """
    shares = {"as asked": "asked", "reader right": "reader", "other factor kept": "other_kept"}
    errors = {
        "outside": "outside_error",
        "another image": "outside_other",
        "inside": "inside_error",
        "untranslated": "inside_before",
    }
    return [["direction", *shares, *errors]] + [
        [
            f"{row['source']} to {row['target']}",
            *(f"{row[name]:.1%}" for name in shares.values()),
            *(f"{row[name]:.1f}" for name in errors.values()),
        ]
        for row in rows
    ]
