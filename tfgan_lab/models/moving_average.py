"""The moving average of a generator's weights (EMA), which is what is shown and released."""

import keras
import tensorflow as tf

from tfgan_lab.replicas import num_replicas

RAMP = 0.25  # of the images seen: the longest half-life
MEASURED_EVERY = 8  # steps between two measurements of the statistics of averaged weights
KEPT_STATISTICS = 0.9  # share of the statistics that stays at a measurement


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


def measured_norms(average) -> list:
    """Makes the batch norms of averaged weights ready to measure what these weights make.

    Means of the statistics that the weights had one after the other are not those of the mean
    weights: with them the images were duller and more alike (their diversity fell from .90 to .81
    of real ones', recall from .27 to .17). So the averaged generator makes a batch in training mode
    every few steps.

    Reference:
        Averaging Weights Leads to Wider Optima and Better Generalization, arXiv 1803.05407,
        section 3.2.

    Args:
        average: what ``averaged_copy`` returned, or ``None`` for none.

    Returns:
        List of ``keras.layers.BatchNormalization``, also of those within other layers.
    """
    layers = average._flatten_layers() if average is not None else ()
    norms = [layer for layer in layers if isinstance(layer, keras.layers.BatchNormalization)]
    for norm in norms:
        # A frozen one would use its statistics instead of measuring them. Every device makes the
        # same batch, so each measures the same.
        norm.trainable, norm.synchronized, norm.momentum = True, False, KEPT_STATISTICS
    return norms


def measure_statistics(average, norms, inputs, step) -> None:
    """Lets the batch norms of averaged weights see a batch, every few steps.

    Args:
        average: what ``averaged_copy`` returned.
        norms: what ``measured_norms`` returned.
        inputs: of a batch, the same on every device.
        step: int tensor, training steps done.
    """
    due = (step % MEASURED_EVERY == 0) | (step < 10 * MEASURED_EVERY)

    def measure():
        average(inputs, training=True)
        return True

    if num_replicas() == 1:
        tf.cond(due, measure, lambda: False)
        return
    # Variables are exchanged between devices, which can't be done within a condition.
    statistics = _statistics_of(norms)
    before = [tf.identity(each) for each in statistics]
    measure()
    for each, old in zip(statistics, before, strict=True):
        each.assign(tf.where(due, each, old))


def move_average(average, generator, num_images, images_seen, half_life_images, *, measured=()):
    """Moves the average towards the weights.

    The half-life grows with the images seen up to the one asked for: the untrained weights are
    soon forgotten, and early images show what was learned.

    Reference:
        Training Generative Adversarial Networks with Limited Data, arXiv 2006.06676, for growing
        with the images seen, at another rate.

    Args:
        average: what ``averaged_copy`` returned.
        generator: the generator that was updated.
        num_images: int tensor, training images of this step.
        images_seen: int tensor, training images of all steps, this one included.
        half_life_images: images after which a weight counts half.
        measured: batch norms of ``average`` that measure their statistics instead.
    """
    left_alone = {id(each) for each in _statistics_of(measured)}
    half_life = tf.minimum(RAMP * tf.cast(images_seen, tf.float32), half_life_images)
    decay = 0.5 ** (tf.cast(num_images, tf.float32) / half_life)
    for mean, weight in zip(average.weights, generator.weights, strict=True):
        if id(mean) in left_alone:
            continue
        mean.assign(decay * mean + (1 - decay) * weight)


def _statistics_of(norms):
    return [each for norm in norms for each in (norm.moving_mean, norm.moving_variance)]
