"""Does a run survive what goes wrong? Breaks short trainings in every way, and hostile input too.

    python -m benchmarks.reliability --work_dir=FOLDER [--all] [--only=NAME,...] [--table=FILE]

Without --all every fault is tried once or twice; with it as often as the table says. What was tried
is kept in --work_dir and not tried again, so that the command may be stopped and repeated; the
table shows all of it, that of ``benchmarks.settings_trial`` too.
"""

import pathlib
import sys
import time

from absl import app, flags

from benchmarks.faults import damaging, full_disk, hostile, killing, surroundings
from benchmarks.faults.trainings import Trainings
from benchmarks.tables import chosen, write_table
from tfgan_lab.files import read_json, write_json
from tfgan_lab.markdown import table_lines

FLAGS = flags.FLAGS
MODULES = (killing, full_disk, damaging, surroundings, hostile)
HEADS = ["fault or input", "tried", "survived", "what was lost", "repeated by"]


def all_faults() -> list:
    """Every ``Fault`` there is, in the table's order."""
    return [fault for module in MODULES for fault in module.faults()]


def try_out(fault, trainings, folder, long=False):
    """Tries a fault, unless it was tried as often already and nothing was lost.

    Args:
        fault: ``Fault``.
        trainings: ``Trainings``.
        folder: of the results.
        long: whether to try it as often as the table says.

    Returns:
        Dict as the table has it.
    """
    path = folder / f"{fault.name}.json"
    kept = read_json(path) if path.exists() else None
    if kept and kept["long"] >= long and not kept["lost"]:
        return kept
    began, skipped = time.monotonic(), fault.skips()
    lost = [] if skipped else fault.tried(trainings, long)
    result = {
        "name": fault.name,
        "fault": fault.says,
        "tried": len(lost),
        "survived": lost.count(""),
        "lost": sorted(set(lost) - {""}) or ([f"not tried: {skipped}"] if skipped else []),
        "seconds": round(time.monotonic() - began),
        "long": long,
    }
    write_json(path, result)
    return result


def in_order(folder, names) -> list:
    """Everything that was ever tried in a folder: the faults in their order, then others.

    Args:
        folder: path of the results.
        names: iterable of the faults' names.
    """
    held = {path.stem: read_json(path) for path in sorted(folder.glob("*.json"))}
    first = [name for name in names if name in held]
    return [held[name] for name in [*first, *(held.keys() - set(first))]]


def lines_of(results) -> list:
    """The table of what was tried and what it cost, in Markdown.

    Args:
        results: list of dicts with ``name``, ``fault``, ``tried``, ``survived``, ``lost`` and
            ``long``; ``command`` where it isn't the usual one.
    """
    rows = []
    for result in results:
        lost = "<br>".join(result["lost"]) or "nothing"
        command = result.get("command") or f"{'--all ' * result['long']}--only={result['name']}"
        rows.append([result["fault"], result["tried"], result["survived"], lost, f"`{command}`"])
    return table_lines(HEADS, rows)


def main(_):
    """Tries, prints, and writes the table."""
    faults = {fault.name: fault for fault in all_faults()}
    if FLAGS.list:
        print("\n".join(f"{name:<30}{fault.says}" for name, fault in faults.items()))
        return
    work_dir = pathlib.Path(FLAGS.work_dir).absolute()
    trainings, results = Trainings(work_dir / "trainings"), []
    for name in chosen(FLAGS.only, faults, "--only"):
        results.append(try_out(faults[name], trainings, work_dir / "results", FLAGS.all))
        print(lines_of(results[-1:])[-1], flush=True)
    everything = in_order(work_dir / "results", faults)
    write_table("reliability", lines_of(everything), everything, shown=False)
    if any(result["survived"] < result["tried"] for result in results):
        sys.exit(1)


def define_flags():
    """Not on import: the functions above are used elsewhere, beside other flags."""
    flags.DEFINE_string("work_dir", "runs/reliability", "where the trainings and results are")
    flags.DEFINE_bool("all", False, "as often as the table says, in an hour and a half")
    flags.DEFINE_list("only", [], "names of faults; all unless given")
    flags.DEFINE_bool("list", False, "print the names of the faults, and do nothing")


if __name__ == "__main__":
    define_flags()
    app.run(main)
