"""One optimiser for each network."""

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.replicas import mean_over_replicas, num_replicas


def scaled_sum(losses, optimizer) -> tf.Tensor:
    """The terms of a network's loss added up, and scaled where its optimiser scales.

    Under float16 small gradients vanish without the scale, silently.

    Args:
        losses: dict of names to float32 scalars, computed under a tape, as is this sum.
        optimizer: the network's optimiser.
    """
    return optimizer.scale_loss(tf.add_n([*losses.values()]))


def gradient_step(optimizer, tape, scaled_loss, network):
    """Updates a network by the gradients of its (possibly scaled) loss.

    Args:
        optimizer: the network's optimiser.
        tape: the tape that saw the loss.
        scaled_loss: ``optimizer.scale_loss(loss)``, computed under the tape; see ``scaled_sum``.
        network: the model to update.

    Returns:
        float32 scalar, the norm of all gradients together, unscaled.
    """
    variables = network.trainable_variables
    gradients = [_dense(gradient) for gradient in tape.gradient(scaled_loss, variables)]
    norm = tf.linalg.global_norm(gradients)
    if num_replicas() > 1:
        # Keras adds up the replicas' gradients; the loss is a mean over the batch.
        gradients = [gradient / num_replicas() for gradient in gradients]
        if is_scaled(optimizer):
            # It looks at the first replica's to tell whether any overflowed.
            finite = tf.math.is_finite(mean_over_replicas(norm))
            gradients = [tf.where(finite, gradient, np.nan) for gradient in gradients]
    if is_scaled(optimizer):
        norm /= tf.cast(optimizer.dynamic_scale, norm.dtype)
    optimizer.apply(gradients, variables)
    return norm


def _dense(gradient):
    """An embedding's gradient comes in slices, of which one row may be in several."""
    return tf.convert_to_tensor(gradient) if isinstance(gradient, tf.IndexedSlices) else gradient


def record_mean(mean, value, optimizer) -> None:
    """Adds a value to a running mean, unless it is the norm of gradients that overflowed.

    Under float16 a step with such gradients is skipped, and says nothing of the others.

    Args:
        mean: ``keras.metrics.Mean``; the mean of a norm is named ``..._norm``.
        value: float scalar.
        optimizer: of the model.
    """
    if not (mean.name.endswith("_norm") and is_scaled(optimizer)):
        mean.update_state(value)
        return
    finite = tf.math.is_finite(value)
    mean.update_state(tf.where(finite, value, 0.0), tf.cast(finite, tf.float32))


def is_scaled(optimizer) -> bool:
    """Whether an optimiser scales the loss, as it does under float16.

    Args:
        optimizer: Keras optimiser.
    """
    return isinstance(optimizer, keras.optimizers.LossScaleOptimizer)


def ready_optimizer(optimizer, network) -> keras.optimizers.Optimizer:
    """Wraps and builds an optimiser: ``.keras`` files load state only into built ones.

    Args:
        optimizer: Keras optimiser, or ``None`` for Adam(2e-4, beta_1=0.5).
        network: the model whose weights it will update; where it computes in float16, the
            optimiser is wrapped in loss scaling.
    """
    if optimizer is None:
        optimizer = keras.optimizers.Adam(2e-4, beta_1=0.5)
    optimizer = keras.optimizers.get(optimizer)
    if _in_float16(network) and not is_scaled(optimizer):
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(network.trainable_variables)
    return optimizer


def learning_rate_of(optimizer):
    """An optimiser's learning rate as it was given: a schedule, or a variable.

    Args:
        optimizer: Keras optimiser, in loss scaling or not.
    """
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    return optimizer._learning_rate  # ``learning_rate`` is a schedule's value of now.


def _in_float16(layer):
    """Whether any layer computes so, also within models that are layers of models."""
    within = getattr(layer, "layers", ())
    return layer.compute_dtype == "float16" or any(map(_in_float16, within))
