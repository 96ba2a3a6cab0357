"""Imports TensorFlow without its notes about its own build."""

import contextlib
import os


def import_tensorflow(debug=False) -> None:
    """Imports TensorFlow, keeping what it writes to standard error on the way to itself.

    TensorFlow 2.21 logs six lines at every start, before its own log level counts, so that they
    would stand above every one-sentence error of the command line. So would its warnings, such as
    those about a damaged checkpoint's values. Errors are still raised.

    Args:
        debug: whether to let everything through, which helps when a GPU isn't found.
    """
    with stderr_suppressed(debug):
        import tensorflow as tf

        tf.config.list_physical_devices()
    if not debug:
        tf.get_logger().setLevel("ERROR")


@contextlib.contextmanager
def stderr_suppressed(debug=False):
    """Lets nothing through to standard error within the block; exceptions are raised all the same.

    It redirects the descriptor, for lines come from C++, too, and not through ``sys.stderr``.

    Args:
        debug: whether to let everything through.
    """
    if debug:
        yield
        return
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
