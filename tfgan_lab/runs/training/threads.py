"""With how many threads TensorFlow computes, where nobody has said."""

import os

import tensorflow as tf

from tfgan_lab.machine import INTER_OP_THREADS, INTRA_OP_THREADS, usable_cores

# Measured: at 32 pixels preset from-scratch trains 1.5 times as fast, at 64 a little faster, and
# preset projected at 64 a sixth faster. Report R0's networks at 64 pixels and batch 32, above this,
# gain nothing.
MOST_PIXELS = 16 * 64 * 64


def choose_threads(num_pixels) -> None:
    """Gives every operation one thread where a batch is small and the processor has two cores.

    The two cores then compute different operations at once, of which a step of two networks always
    has some, instead of halves of the same. With more cores TensorFlow's own choice stays: what
    would be best there has not been measured. Does nothing where the environment or the program
    has said how many, with a GPU, or once TensorFlow computes.

    Args:
        num_pixels: int, of a batch.
    """
    threading = tf.config.threading
    said = INTRA_OP_THREADS in os.environ or INTER_OP_THREADS in os.environ
    said = said or threading.get_intra_op_parallelism_threads()
    if said or num_pixels > MOST_PIXELS or usable_cores() != 2:
        return
    if tf.config.list_physical_devices("GPU"):
        return
    try:
        threading.set_intra_op_parallelism_threads(1)
    except RuntimeError:
        return  # It has begun to compute, and can't change any more.
