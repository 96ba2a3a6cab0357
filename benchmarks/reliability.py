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
from benchmarks.faults.table import table_lines
from benchmarks.faults.trainings import Trainings
from tfgan_lab.files import read_json, write_json

FLAGS = flags.FLAGS
flags.DEFINE_string("work_dir", "runs/reliability", "where the trainings and results are")
flags.DEFINE_bool("all", False, "as often as the table says, in an hour and a half")
flags.DEFINE_list("only", [], "names of faults; all unless given")
flags.DEFINE_bool("list", False, "print the names of the faults, and do nothing")
flags.DEFINE_string("table", "", "write FILE.md and FILE.json")

MODULES = (killing, full_disk, damaging, surroundings, hostile)


def try_out(fault, trainings, folder):
    """Tries a fault, unless it was tried as often already and nothing was lost.

    Args:
        fault: ``Fault``.
        trainings: ``Trainings``.
        folder: of the results.

    Returns:
        Dict as the table has it.
    """
    path = folder / f"{fault.name}.json"
    kept = read_json(path) if path.exists() else None
    if kept and kept["long"] >= FLAGS.all and not kept["lost"]:
        return kept
    began, skipped = time.monotonic(), fault.skips()
    lost = [] if skipped else (fault.long if FLAGS.all else fault.short)(trainings)
    result = {
        "name": fault.name,
        "fault": fault.says,
        "tried": len(lost),
        "survived": lost.count(""),
        "lost": sorted(set(lost) - {""}) or ([f"not tried: {skipped}"] if skipped else []),
        "seconds": round(time.monotonic() - began),
        "long": FLAGS.all,
    }
    write_json(path, result)
    return result


def in_order(folder, faults) -> list:
    """Everything that was ever tried in a folder: the faults in their order, then others.

    Args:
        folder: path of the results.
        faults: list of ``Fault``.
    """
    held = {path.stem: read_json(path) for path in sorted(folder.glob("*.json"))}
    names = [fault.name for fault in faults if fault.name in held]
    return [held[name] for name in [*names, *(held.keys() - set(names))]]


def main(_):
    """Tries, prints, and writes the table."""
    faults = [fault for module in MODULES for fault in module.faults()]
    if FLAGS.list:
        print("\n".join(f"{fault.name:<30}{fault.says}" for fault in faults))
        return
    unknown = set(FLAGS.only) - {fault.name for fault in faults}
    if unknown:
        raise app.UsageError(f"Expected known faults. Received: {', '.join(unknown)}")
    work_dir = pathlib.Path(FLAGS.work_dir).absolute()
    trainings, results = Trainings(work_dir / "trainings"), []
    for fault in faults:
        if FLAGS.only and fault.name not in FLAGS.only:
            continue
        results.append(try_out(fault, trainings, work_dir / "results"))
        print(table_lines(results[-1:])[-1], flush=True)
    if FLAGS.table:
        results = in_order(work_dir / "results", faults)
        pathlib.Path(f"{FLAGS.table}.md").write_text("\n".join(table_lines(results)) + "\n")
        write_json(f"{FLAGS.table}.json", results)
    if any(result["survived"] < result["tried"] for result in results):
        sys.exit(1)


if __name__ == "__main__":
    app.run(main)
