"""Reads hostile bytes in a process of its own, of limited memory and under a time limit.

What native code does of such bytes may end a process: then that is an outcome like any other, and
the next bytes get a new one. Allowed are success, and one of the package's own errors, with
a sentence.
"""

import os
import pathlib
import resource
import selectors
import struct
import subprocess
import sys
import tempfile

MEGABYTES = 1500  # that a reader may take, beyond what the process has when nothing was read
SECONDS = 60.0  # of the clock, generous for a machine that does other things

FINE = ("read", "refused: ")


class Worker:
    """The process, as the sender of bytes sees it."""

    def __init__(self):
        self._process = None

    def outcome(self, task, content) -> str:
        """What becomes of some bytes.

        Args:
            task: name of a reader in ``tests.hostile.readers``.
            content: bytes.

        Returns:
            "read", "refused: " with the sentence, or anything else, which is a fault.
        """
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.hostile.worker"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        name = task.encode()
        self._process.stdin.write(struct.pack("<II", len(name), len(content)) + name + content)
        self._process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            answered = selector.select(SECONDS)
        answer = self._process.stdout.readline().decode(errors="replace") if answered else ""
        if answer:
            return answer.rstrip("\n")
        self.stop()
        return "the process ended" if answered else f"no answer within {SECONDS:g} seconds"

    def stop(self):
        """Ends the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def limit_memory():
    """Takes the possibility of more memory from this process."""
    with open("/proc/self/statm") as file:
        now = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (now + MEGABYTES * 2**20, resource.RLIM_INFINITY))


def start_tensorflow():
    """Starts what takes memory of its own, whatever is read with it."""
    import tensorflow as tf

    import tfgan_lab.models  # noqa: F401

    next(iter(tf.data.Dataset.range(1)))


def serve():
    """Answers until there is nothing more to read."""
    from tests.hostile import readers

    limit_memory()
    started = False
    source, answers = sys.stdin.buffer, os.dup(1)
    os.dup2(2, 1)  # What libraries print is no answer.
    with tempfile.TemporaryDirectory() as folder:
        while head := source.read(8):
            name_length, length = struct.unpack("<II", head)
            task, content = source.read(name_length).decode(), source.read(length)
            if task in readers.OF_TENSORFLOW and not started:
                resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
                start_tensorflow()
                limit_memory()
                started = True
            answer = _answer(getattr(readers, task), content, pathlib.Path(folder))
            os.write(answers, (" ".join(answer.split())[:500] + "\n").encode())


def _answer(read, content, folder):
    try:
        read(content, folder)
    except (ValueError, OSError) as error:
        text = str(error)
        return f"refused: {text}" if text else f"an error without a sentence: {error!r}"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "read"


if __name__ == "__main__":
    serve()
