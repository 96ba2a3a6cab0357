"""What TensorFlow's own writers raise, as everyone else's errors of the disk."""

import contextlib
import errno
import os
import re

import tensorflow as tf

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
