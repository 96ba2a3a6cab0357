"""A pool of earlier generated images, so that a discriminator doesn't forget them."""

import keras
import tensorflow as tf

from tfgan_lab.replicas import own_part, whole_batch


@keras.saving.register_keras_serializable(package="tfgan_lab")
class ImagePool(keras.layers.Layer):
    """Shows a discriminator now the newest generated images and now earlier ones.

    Until it is full it keeps every image and gives it back. Then each image, with even odds,
    either comes back, or takes the place of a kept one, which comes back instead. The images
    of one batch take different places. What it keeps are weights: saved with every model and
    checkpoint, so that a resumed run resumes to the same bits.

    Reference:
        Learning from Simulated and Unsupervised Images through Adversarial Training, arXiv
        1612.07828, section 2.3; Unpaired Image-to-Image Translation using Cycle-Consistent
        Adversarial Networks, arXiv 1703.10593, section 4, for 50 images.

    Args:
        capacity: int from 0, images kept; 0 gives every batch back.

    Called on images of shape (batch, height, width, channels), the batch at most ``capacity``,
    and ``seed``, an int64 tensor of shape (2,); returns as many images, without gradient.
    """

    def __init__(self, capacity=50, **kwargs):
        # Images are float32 under every precision.
        super().__init__(**({"dtype": "float32", "trainable": False} | kwargs))
        if capacity < 0:
            raise ValueError(f"Expected a capacity from 0. Received: capacity={capacity}")
        self.capacity = capacity

    def build(self, input_shape):
        """Makes room for ``capacity`` images."""
        if None in input_shape[1:]:
            raise ValueError(
                "Expected images of a fixed size, to make room for them. "
                f"Received: shape {tuple(input_shape)}"
            )
        settings = {"initializer": "zeros", "trainable": False}
        shape = (self.capacity, *input_shape[1:])
        self.images = self.add_weight(shape=shape, name="images", **settings)
        self.count = self.add_weight(shape=(), dtype="int32", name="count", **settings)
        super().build(input_shape)

    def call(self, inputs, seed):
        """See the class."""
        inputs = tf.stop_gradient(inputs)
        if not self.capacity:
            return inputs
        # Every device keeps the same images, and so remembers those of all.
        inputs = whole_batch(inputs)
        if (inputs.shape[0] or 0) > self.capacity:
            raise ValueError(
                f"Expected a batch of at most {self.capacity} images, which is how many are "
                f"kept. Received: {inputs.shape[0]}"
            )
        batch = tf.shape(inputs)[0]
        tf.debugging.assert_less_equal(
            batch, self.capacity, message="Expected a batch of at most the capacity."
        )
        places = self.count + tf.range(batch)
        fills = places < self.capacity
        kept = _write(self.images, places, inputs, fills)

        seeds = tf.random.split(seed, 2)
        drawn = tf.random.experimental.stateless_shuffle(tf.range(self.capacity), seeds[0])[:batch]
        swaps = ~fills & (tf.random.stateless_uniform([batch], seeds[1]) < 0.5)
        shown = tf.where(swaps[:, None, None, None], tf.gather(kept, drawn), inputs)

        self.images.assign(_write(kept, drawn, inputs, swaps))
        self.count.assign(tf.minimum(self.count + batch, self.capacity))
        return own_part(shown)

    def get_config(self):
        """Returns the constructor's arguments."""
        return super().get_config() | {"capacity": self.capacity}


def _write(images, places, inputs, chosen):
    """The images with the chosen inputs at their places."""
    places = tf.boolean_mask(places, chosen)[:, None]
    return tf.tensor_scatter_nd_update(images, places, tf.boolean_mask(inputs, chosen))
