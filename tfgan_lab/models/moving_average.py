"""The moving average of a generator's weights (EMA), which is what is shown and released."""

import keras
import tensorflow as tf

RAMP = 0.25  # of the pictures seen: the longest half-life
MEASURED_EVERY = 8  # steps between two measurements of the statistics of averaged weights
KEPT_STATISTICS = 0.9  # of the statistics, at most, at each measurement


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


def batch_norms_of(network) -> list:
    """The batch norms of a network, also within its layers.

    Args:
        network: built ``keras.Model``, or ``None`` for none.
    """
    layers = network._flatten_layers() if network is not None else ()
    return [layer for layer in layers if isinstance(layer, keras.layers.BatchNormalization)]


def measure_statistics(average, norms, inputs, step):
    """Lets the batch norms of averaged weights see what these weights make.

    Means of the statistics that the weights had one after the other are not those of the mean
    weights: with them the images were duller and more alike (their diversity fell from .90 to .81
    of real ones', recall from .27 to .17). So the averaged generator makes a batch in training mode
    every few steps.

    Reference:
        Averaging Weights Leads to Wider Optima and Better Generalization, arXiv 1803.05407,
        section 3.2.

    Args:
        average: what ``averaged_copy`` returned.
        norms: what ``batch_norms_of`` returned for it.
        inputs: a batch of the generator's inputs.
        step: int tensor, training steps done.
    """
    count = tf.cast(step // MEASURED_EVERY, tf.float32)
    before = [(norm.trainable, norm.momentum) for norm in norms]
    for norm in norms:
        # Frozen batch norms use their statistics instead of measuring. Until there are many
        # measurements, all count alike.
        norm.trainable, norm.momentum = True, tf.minimum(count / (count + 1), KEPT_STATISTICS)
    average(inputs, training=True)
    for norm, (trainable, momentum) in zip(norms, before, strict=True):
        norm.trainable, norm.momentum = trainable, momentum


def move_average(average, generator, num_images, images_seen, half_life_images, *, measured=()):
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
        measured: batch norms of ``average`` whose statistics ``measure_statistics`` sees to.
    """
    left_alone = {
        id(each) for norm in measured for each in (norm.moving_mean, norm.moving_variance)
    }
    half_life = tf.minimum(RAMP * tf.cast(images_seen, tf.float32), half_life_images)
    decay = 0.5 ** (tf.cast(num_images, tf.float32) / half_life)
    for mean, weight in zip(average.weights, generator.weights, strict=True):
        if id(mean) in left_alone:
            continue
        mean.assign(decay * mean + (1 - decay) * weight)
