"""Dropout whose masks differ between devices."""

import keras
import tensorflow as tf

from tfgan_lab.replicas import num_replicas, replica_number

# Far more than a training's steps, so that no two replicas' counters meet.
STREAM = 2**30


@keras.saving.register_keras_serializable(package="tfgan_lab")
class Dropout(keras.layers.Dropout):
    """``keras.layers.Dropout``, with masks of its own on every device that trains.

    Keras' layer draws the same mask on all of them: each then leaves out the same features of its
    own images. On one device the two are the same to the bit.

    Arguments and shapes are those of ``keras.layers.Dropout``.
    """

    def call(self, inputs, training=False):
        """Leaves values out in training mode."""
        if num_replicas() == 1 or not training or self.rate == 0:
            return super().call(inputs, training=training)
        seed, step = tf.unstack(self.seed_generator.next())
        seed = tf.stack([seed, step + STREAM * tf.cast(replica_number(), step.dtype)])
        return tf.nn.experimental.stateless_dropout(
            inputs, self.rate, seed=seed, noise_shape=self.noise_shape
        )
