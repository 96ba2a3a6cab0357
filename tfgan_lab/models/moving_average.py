"""The moving average of a generator's weights (EMA), which is what is shown and released."""

import tensorflow as tf

RAMP = 0.25  # of the pictures seen: the longest half-life


def averaged_copy(generator):
    """Copies a generator under a name of its own, without which variable paths collide.

    Args:
        generator: built ``keras.Model``.

    Returns:
        ``keras.Model`` with the same weights, not trainable.
    """
    config = generator.get_config()
    config["name"] = f"ema_{generator.name}"
    copy = generator.__class__.from_config(config)
    copy.set_weights(generator.get_weights())
    copy.trainable = False
    return copy


def move_average(average, generator, num_images, images_seen, half_life_images):
    """Moves the average towards the weights.

    The half-life grows with the pictures seen up to the one asked for: the untrained weights are
    soon forgotten, and early pictures show what was learned.

    Reference:
        Training Generative Adversarial Networks with Limited Data, arXiv 2006.06676, for growing
        with the pictures seen, at another rate.

    Args:
        average: what ``averaged_copy`` returned.
        generator: the generator that was updated.
        num_images: int tensor, training pictures of this step.
        images_seen: int tensor, training pictures of all steps, this one included.
        half_life_images: pictures after which a weight counts half.
    """
    half_life = tf.minimum(RAMP * tf.cast(images_seen, tf.float32), half_life_images)
    decay = 0.5 ** (tf.cast(num_images, tf.float32) / half_life)
    for mean, weight in zip(average.weights, generator.weights, strict=True):
        mean.assign(decay * mean + (1 - decay) * weight)
