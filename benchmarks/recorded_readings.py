"""The readings of trainings with known outcomes, as a table that is kept: they took hours."""

import csv
import pathlib

KEY = ("run", "seed")


def read_readings(path) -> dict:
    """What ``write_readings`` wrote; nothing where there is no file.

    Args:
        path: of the CSV file.

    Returns:
        Dict of (run's name, seed) to the list of its readings, each a dict of signal to float.
    """
    found = {}
    if not pathlib.Path(path).exists():
        return found
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            name, seed = (row.pop(key) for key in KEY)
            reading = {signal: float(value) for signal, value in row.items() if value}
            found.setdefault((name, int(seed)), []).append(reading)
    return found


def write_readings(path, found) -> None:
    """Writes readings with four digits, a row each.

    Args:
        path: of the CSV file.
        found: as ``read_readings`` returns it.
    """
    signals = {signal for readings in found.values() for each in readings for signal in each}
    columns = [*KEY, "images", *sorted(signals - {"images"})]
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for (name, seed), readings in sorted(found.items()):
            for reading in readings:
                rounded = {
                    signal: f"{value:.0f}" if signal == "images" else f"{value:.4g}"
                    for signal, value in reading.items()
                    if value is not None
                }
                writer.writerow({"run": name, "seed": seed} | rounded)
