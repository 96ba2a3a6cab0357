"""A disk that is full, read-only or gone while a run writes to it."""

import functools
import shutil
import subprocess
import sys

from benchmarks.faults.child import FLAGS_OF_WRITERS, WRITERS
from benchmarks.faults.fault import Fault, in_words
from benchmarks.faults.trainings import Child, ended_well

NO_ROOM = "Expected room on the disk"

IN_A_NAMESPACE = ["unshare", "--map-root-user", "--mount", "sh", "-c"]

# Mounted for this process and its children alone: nobody else sees it, and it goes with them.
SMALL_DISK = """
size="$1" disk="$2" kept="$3"; shift 3
mount -t tmpfs -o size="$size" tmpfs "$disk" || exit 99
"$@" "$disk/run"; code=$?
mount -o remount,size=200m "$disk" && cp -r "$disk/run" "$kept"
exit $code
"""

READ_ONLY = """
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 99
shift; exec "$@"
"""


def full_at_a_writer(trainings, writer, kind="gan") -> list:
    """From a writing of one kind on, no file gets longer than 100 bytes.

    Args:
        trainings: ``Trainings``.
        writer: out of ``benchmarks.faults.child.WRITERS``.
        kind: of model.
    """
    run_dir = trainings.fresh(f"full_{writer}_{kind}")
    flags = FLAGS_OF_WRITERS.get(writer, ())
    child = trainings.start(kind, run_dir, f"--breaks=full:{writer}", *flags)
    child.end()
    wrong = ended_well(child, 2, NO_ROOM)
    return [in_words(wrong + trainings.lost_after(kind, run_dir, child.saved))]


def small_disk(trainings, sizes, kind="gan") -> list:
    """A disk of so many kilobytes, full wherever it happens to be full.

    Args:
        trainings: ``Trainings``.
        sizes: in kilobytes.
        kind: of model.
    """
    lost = []
    for size in sizes:
        kept = trainings.fresh(f"small_disk_{size}")
        mount_point = trainings.fresh("mounted")
        mount_point.mkdir()
        training = [sys.executable, "-m", "benchmarks.faults.child", kind]
        paths = [str(mount_point), str(kept)]
        child = Child([*IN_A_NAMESPACE, SMALL_DISK, "sh", f"{size}k", *paths, *training])
        child.end()
        wrong = ended_well(child, 2, NO_ROOM)
        lost.append(in_words(wrong + trainings.lost_after(kind, kept, child.saved)))
    return lost


def read_only(trainings, kind="gan") -> list:
    """A run on a disk that has become read-only; it binds root, too, as permissions don't.

    Args:
        trainings: ``Trainings``.
        kind: of model.
    """
    run_dir = trainings.begun(kind, "read_only")
    training = [sys.executable, "-m", "benchmarks.faults.child", kind, str(run_dir)]
    child = Child([*IN_A_NAMESPACE, READ_ONLY, "sh", str(run_dir), *training])
    child.end()
    wrong = ended_well(child, 2, "Expected --run_dir to be a directory that can be written to")
    return [in_words(wrong + trainings.lost_after(kind, run_dir, 40))]


def below_a_file(trainings, kind="gan") -> list:
    """A run directory below something that is a file.

    Args:
        trainings: ``Trainings``.
        kind: of model.
    """
    path = trainings.fresh("a_folder")
    path.mkdir()
    (path / "file").write_text("in the way")
    child = trainings.start(kind, path / "file" / "run")
    child.end()
    wrong = ended_well(child, 2, "Expected --run_dir to be a directory that can be written to")
    return [in_words(wrong)]


def removed(trainings, writer, kind="gan") -> list:
    """The run directory is deleted underneath; the same command starts over.

    Args:
        trainings: ``Trainings``.
        writer: before whose writing, see ``full_at_a_writer``.
        kind: of model.
    """
    run_dir = trainings.fresh(f"removed_{writer}")
    child = trainings.start(kind, run_dir, f"--breaks=removed:{writer}")
    child.end()
    wrong = ended_well(child, 2, "Expected .* to stay while")
    return [in_words(wrong + trainings.lost_after(kind, run_dir, -1))]


def no_mounts() -> str:
    """Why no disk can be mounted for one process, "" where one can."""
    if shutil.which("unshare") is None:
        return "there is no unshare(1) here"
    command = [*IN_A_NAMESPACE, "mount -t tmpfs tmpfs /mnt"]
    done = subprocess.run(command, capture_output=True)
    return "" if done.returncode == 0 else "this machine allows no mounts in a namespace"


def faults() -> list:
    """The faults of this module."""
    sizes = (4, 20, 60, 90, 120, 150, 180, 210, 240)
    return [
        *(
            Fault(f"full_{writer}", f"no room for the {writer.replace('_', ' ')}",
                  functools.partial(full_at_a_writer, writer=writer))
            for writer in WRITERS
        ),
        *(
            Fault(f"full_checkpoint_{kind}", f"no room for the checkpoint, {kind}",
                  functools.partial(full_at_a_writer, writer="checkpoint", kind=kind))
            for kind in ("conditional", "cyclegan", "stargan")
        ),
        Fault(
            "small_disk", f"a disk of {sizes[0]} to {sizes[-1]} kB (tmpfs)",
            functools.partial(small_disk, sizes=sizes), functools.partial(small_disk, sizes=(90,)),
            no_mounts,
        ),
        Fault("read_only", "a disk that is read-only (bind mount)", read_only, skips=no_mounts),
        Fault("below_a_file", "a run directory below a file", below_a_file),
        *(
            Fault(f"removed_{writer}", f"run directory deleted before the {writer} is written",
                  functools.partial(removed, writer=writer))
            for writer in ("log", "checkpoint")
        ),
    ]  # fmt: skip
