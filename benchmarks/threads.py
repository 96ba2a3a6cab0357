"""Sharing a machine: a flag for how many threads TensorFlow takes."""

import tensorflow as tf
from absl import flags

flags.DEFINE_integer("threads", 0, "threads of TensorFlow; 0 for as many as it likes")

FLAGS = flags.FLAGS


def limit_threads() -> None:
    """Keeps TensorFlow to ``--threads``; to be called before it does anything."""
    if FLAGS.threads:
        tf.config.threading.set_intra_op_parallelism_threads(FLAGS.threads)
        tf.config.threading.set_inter_op_parallelism_threads(FLAGS.threads)
