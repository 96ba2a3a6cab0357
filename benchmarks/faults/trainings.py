"""Child trainings, and what must hold after any of them was broken."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading

import numpy as np

from tfgan_lab.callbacks.csv_log import read_log

TIME_LIMIT = 600.0  # seconds that a child may take, on a machine that is busy otherwise

# One thread each: sums in the same order on any machine, and several children don't fight.
ENVIRONMENT = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}


class Child:
    """A training in a process of its own, whose checkpoints are heard of as they come.

    Args:
        command: list of words.

    Attributes:
        saved: int, step of the last checkpoint that was complete; -1 before the first.
        printed: list of lines.
        errors: what it wrote to standard error, once it has ended.
    """

    def __init__(self, command):
        self.saved, self.printed, self.errors = -1, [], ""
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
            env=os.environ | ENVIRONMENT,
        )  # fmt: skip
        # Pipes, for a file of errors would be subject to the limits that the child sets itself.
        self._reader = threading.Thread(target=self._read_errors, daemon=True)
        self._watch = threading.Timer(TIME_LIMIT, self.process.kill)
        self._reader.start()
        self._watch.start()

    def until(self, word) -> bool:
        """Waits for a line that begins with a word; ``False`` where the end comes first."""
        for line in self.process.stdout:
            self.printed.append(line.rstrip("\n"))
            if line.startswith("SAVED "):
                self.saved = int(line.split()[1])
            if word and line.startswith(word):
                return True
        return False

    def end(self) -> int:
        """Waits for the end and returns the exit code, negative for a signal."""
        self.until("")
        code = self.process.wait()
        self._watch.cancel()
        self._reader.join()
        return code

    def _read_errors(self):
        self.errors = self.process.stderr.read()

    @property
    def began_at(self) -> int:
        """Step that it resumed from; 0 where it started over."""
        said = re.findall(r"(?:Resumes|Is complete,) at step (\d+)", "\n".join(self.printed))
        return int(said[0]) if said else 0


class Trainings:
    """Runs of tiny models in a folder, each beside a run of the same that was left alone.

    Args:
        folder: path, kept between sessions.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def start(self, kind, run_dir, *flags) -> Child:
        """Starts a training, or resumes it.

        Args:
            kind: out of ``benchmarks.faults.child.KINDS``.
            run_dir: path.
            *flags: of the command line, and ``--breaks``.
        """
        words = [kind, str(run_dir), *flags]
        if kind == "conditional":
            words.append(f"--data_dir={labelled_images(self.folder)}")
        return Child([sys.executable, "-m", "benchmarks.faults.child", *words])

    def fresh(self, name) -> pathlib.Path:
        """Path of a run directory that isn't there yet; what was there is removed.

        Args:
            name: of the folder.
        """
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        return path

    def begun(self, kind, name) -> pathlib.Path:
        """A run that was stopped half-way by SIGTERM, to be broken in some way.

        Args:
            kind: see ``start``.
            name: of the folder; it is made again.
        """
        kept = self.folder / f"begun_{kind}"
        if not (kept / "report.html").exists():
            child = self.start(kind, self.fresh(kept.name))
            while child.until("SAVED ") and child.saved < 40:
                pass
            child.process.terminate()
            if child.end() != 130:
                raise RuntimeError(f"Expected a training that can be stopped: {child.errors}")
        path = self.fresh(name)
        shutil.copytree(kept, path)
        return path

    def reference(self, kind) -> pathlib.Path:
        """The run that was left alone; trained once.

        Args:
            kind: see ``start``.
        """
        path = self.folder / f"whole_{kind}"
        if not (path / "report.html").exists():
            child = self.start(kind, self.fresh(path.name))
            if child.end():
                raise RuntimeError(f"Expected a training of {kind} to end: {child.errors}")
        return path

    def lost_after(self, kind, run_dir, saved) -> list:
        """Resumes a broken run to its end, and says what is not as if nothing had been.

        Args:
            kind: see ``start``.
            run_dir: path.
            saved: int, step of the last checkpoint that was complete; -1 for none.

        Returns:
            List of phrases; empty where nothing was lost.
        """
        child = self.start(kind, run_dir)
        code = child.end()
        if code:
            return [f"does not resume: exit code {code}, {child.errors.strip()[-300:]!r}"]
        lost = []
        if child.began_at < saved:
            lost.append(f"the checkpoint of step {saved}: resumed at {child.began_at}")
        return lost + differences(self.reference(kind), pathlib.Path(run_dir))


def labelled_images(folder) -> pathlib.Path:
    """A file of eight images of two classes, written once.

    Args:
        folder: path.
    """
    path = folder / "images.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        images = np.random.default_rng(0).integers(0, 256, (8, 16, 16, 3), np.uint8)
        np.savez(path, images=images, labels=np.arange(8) % 2)
    return path


def ended_well(child, code, sentence) -> list:
    """What is wrong with how a child ended.

    Args:
        child: ``Child`` that has ended.
        code: int, expected exit code.
        sentence: regular expression that the one line on standard error must match.

    Returns:
        List of phrases; empty where all is well.
    """
    wrong = []
    if child.process.returncode != code:
        wrong.append(f"exit code {child.process.returncode} instead of {code}")
    lines = [line for line in child.errors.splitlines() if not line.startswith("Note: ")]
    if len(lines) != 1 or not re.search(sentence, lines[0]):
        wrong.append(f"no clear sentence but {child.errors.strip()[-400:]!r}")
    return wrong


def differences(one, other) -> list:
    """What differs between two complete runs: weights, log, images, verdict, to the bit.

    Args:
        one: path of a run.
        other: path of a run.

    Returns:
        List of names; empty where nothing does.
    """
    found = [f"weight {name}" for name in _differing_weights(one, other)][:3]
    logs = [read_log(path) for path in (one, other)]
    for name in sorted((logs[0].keys() | logs[1].keys()) - {"seconds"}):
        columns = [log.get(name) for log in logs]
        if any(column is None for column in columns) or not np.array_equal(
            *columns, equal_nan=True
        ):
            found.append(f"column {name} of the log")
    names = {path.relative_to(one) for path in (one / "snapshots").iterdir()}
    names |= {path.relative_to(other) for path in (other / "snapshots").iterdir()}
    for name in sorted(names | {pathlib.Path("verdict.json")}):
        contents = [path.read_bytes() if path.exists() else None
                    for path in (one / name, other / name)]  # fmt: skip
        if contents[0] != contents[1]:
            found.append(str(name))
    return found


def newest_checkpoint(run_dir) -> pathlib.Path:
    """Path, without its endings, of a run's checkpoint of the latest step."""
    indices = pathlib.Path(run_dir, "checkpoints").glob("step-*.index")
    return max(indices, key=lambda path: int(path.stem.split("-")[1])).with_suffix("")


def _differing_weights(one, other):
    import tensorflow as tf

    states = []
    for path in (one, other):
        reader = tf.train.load_checkpoint(str(newest_checkpoint(path)))
        # How often was saved differs; and the graph of names is not a number.
        states.append({name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()
                       if not name.startswith(("save_counter", "_CHECKPOINTABLE"))})  # fmt: skip
    if states[0].keys() != states[1].keys():
        return sorted(states[0].keys() ^ states[1].keys())
    return [name for name in sorted(states[0]) if states[0][name].tobytes() !=
            states[1][name].tobytes()]  # fmt: skip
