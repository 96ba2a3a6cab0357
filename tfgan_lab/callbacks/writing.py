"""TensorFlow's own writers: TensorBoard's events, and errors as everyone else raises them."""

import contextlib
import errno
import os
import pathlib
import re

import tensorflow as tf

from tfgan_lab import run_layout

_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EACCES)


@contextlib.contextmanager
def disk_errors(what, folder):
    """Turns errors of TensorFlow's writers into ``OSError``, with its number where it is known.

    Args:
        what: what is written, such as ``"a checkpoint"``.
        folder: path that it is written to.

    Raises:
        OSError: TensorFlow raised an error inside.

    Example:
        >>> with disk_errors("a checkpoint", "run/checkpoints"):
        ...     raise tf.errors.ResourceExhaustedError(None, None, "No space left on device")
        Traceback (most recent call last):
        OSError: [Errno 28] No space left on device: 'run/checkpoints'
    """
    try:
        yield
    except tf.errors.OpError as error:
        text = " ".join(error.message.split())
        for number in _OF_THE_DISK:
            if os.strerror(number) in text:
                raise OSError(number, os.strerror(number), str(folder)) from error
        reason = re.sub(r"\{\{.*?\}\}|\[Op:.*", "", text).strip()
        raise OSError(f"Expected to write {what} to {folder}. Received: {reason}") from error


class Events:
    """A file of TensorBoard's events in a run directory, opened when something is written.

    Args:
        directory: path of the run.
        suffix: of the file's name; TensorFlow's own unless given.
    """

    def __init__(self, directory, suffix=None):
        self.folder = pathlib.Path(directory) / run_layout.EVENTS
        self.suffix = suffix
        self._writer = None

    @contextlib.contextmanager
    def at(self, step):
        """Lets ``tf.summary`` within the block write to the file, as of a training step.

        Raises:
            OSError: it can't be written.
        """
        with disk_errors("events", self.folder):
            if self._writer is None:
                folder = str(self.folder)
                self._writer = tf.summary.create_file_writer(folder, filename_suffix=self.suffix)
            with self._writer.as_default(step=step):
                yield
            self._writer.flush()

    def close(self):
        """Closes the file; what is written afterwards gets another one."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
