"""A run's measures of classes as a table and a figure."""

import pathlib

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.files import read_json
from tfgan_lab.plots.confusion import confusion_map
from tfgan_lab.reports.figures import FigureFolder

FIGURE = "fig_classes_confusion"
MOST_SHOWN = 20  # classes of the table


def draw_classes(run_directory) -> str:
    """Draws the confusion matrix of a run's last evaluation into its figures.

    Args:
        run_directory: path of a run with a ``classes.json``.

    Returns:
        The table of classes, as text.
    """
    run = pathlib.Path(run_directory)
    record = read_json(run / run_layout.CLASSES)
    names, confusion = record["class_names"], np.array(record["confusion"])
    figures = FigureFolder(run, keep=True)
    figures.add(
        FIGURE,
        confusion_map(confusion, names, f"{100 * record['accuracy']:.1f} % accuracy"),
        f"What a classifier takes the generated images of each class for, in percent; "
        f"{record['classifier']}.",
    )
    figures.write_index()
    return table(record)


def table(record) -> str:
    """One line for each class: its accuracy, and what else its images are taken for.

    Args:
        record: content of ``classes.json``.
    """
    lines = [f"{'class':<20}{'accuracy':>10}{'kid':>11}{'real against real':>19}  else taken for"]
    rows = zip(
        record["class_names"],
        record["class_accuracies"],
        record["kid"],
        record["kid_real_baseline"],
        record["confusion"],
        strict=True,
    )
    for label, (name, accuracy, kid, baseline, counts) in enumerate(rows):
        if label == MOST_SHOWN:
            lines.append("...")
            break
        others = [count if other != label else 0 for other, count in enumerate(counts)]
        most = int(np.argmax(others))
        taken = f"{record['class_names'][most]} ({others[most]})" if others[most] else ""
        shown = [f"{value:.4g}" if value is not None else "" for value in (kid, baseline)]
        lines.append(f"{name:<20}{100 * accuracy:>8.1f} %{shown[0]:>11}{shown[1]:>19}  {taken}")
    return "\n".join(lines)
