"""Passes through the discriminator: logits of a real and a generated batch, and penalties."""

import functools
import typing

import tensorflow as tf

from tfgan_lab.losses.penalties import first_part, logits_and_gradients


class Logits(typing.NamedTuple):
    """What one pass of the discriminator says of a real and a generated batch.

    Attributes:
        real: tensor of shape (batch, 1).
        fake: likewise.
        class_loss: float32 scalar, the mean cross-entropies of the class logits of either batch
            added up; ``None`` where there are none.
        real_gradients: input gradients of the first real images, of shape (part, height, width,
            channels); ``None`` unless asked for.
        fake_gradients: likewise, of as many generated images.
    """

    real: tf.Tensor | None
    fake: tf.Tensor
    class_loss: tf.Tensor | None = None
    real_gradients: tf.Tensor | None = None
    fake_gradients: tf.Tensor | None = None


class LabelledDiscriminator:
    """A conditional discriminator that knows the labels of the images it will be shown.

    Losses, penalties and rules of update call a discriminator with images. This one they can
    call without knowing of classes.

    Args:
        network: ``keras.Model`` from images and labels to logits of shape (batch, 1), or to
            these and class logits of shape (batch, num_classes).
        labels: int32 tensor of shape (batch,).
        class_losses: list that every call with class logits adds to; one of its own unless given.

    Attributes:
        class_losses: list of float32 tensors of shape (images,), cross-entropies of the labels.
    """

    def __init__(self, network, labels, class_losses=None):
        self.network = network
        self.labels = labels
        self.class_losses = [] if class_losses is None else class_losses

    def __call__(self, images, training=False) -> tf.Tensor:
        """Returns the logits of images, which have the first of the labels."""
        labels = self.labels[: tf.shape(images)[0]]
        answers = self.network([images, labels], training=training)
        if not isinstance(answers, (list, tuple)):
            return answers
        logits, class_logits = answers
        self.class_losses.append(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels, tf.cast(class_logits, "float32"))
        )
        return logits


def paired_logits(
    discriminator, real_images, fake_images, *, concatenate=False, gradient_share=0.0
) -> Logits:
    """Both batches' logits in training mode, and input gradients where a penalty wants them.

    The images whose gradients are wanted go through the discriminator once for both; taking
    ``input_gradients`` afterwards would compute their answers twice, and differentiate both times.

    Args:
        discriminator: the model, from images to logits, or a ``LabelledDiscriminator`` that
            knows the labels of either batch.
        real_images: tensor of shape (batch, height, width, channels).
        fake_images: as many generated ones.
        concatenate: whether both go through the discriminator as one batch.
        gradient_share: float in [0, 1], part of each batch whose input gradients are wanted. The
            rest then goes through as a batch of its own. Needs ``concatenate``.
    """
    gradients = []
    if not concatenate:
        logits = [discriminator(images, training=True) for images in (real_images, fake_images)]
    elif not gradient_share:
        logits = _logits_of_both(discriminator, real_images, fake_images)
    else:
        first = [first_part(images, gradient_share) for images in (real_images, fake_images)]
        count, batch = tf.shape(first[0])[0], tf.shape(real_images)[0]
        logits, gradients = (
            tf.split(both, 2)
            for both in logits_and_gradients(
                _of_both(discriminator, slice(count)), tf.concat(first, axis=0)
            )
        )
        if gradient_share < 1:
            # A batch of one has no rest, and convolutions fail on none: it goes through once more.
            rows = slice(tf.minimum(count, batch - 1), None)
            rest = _logits_of_both(discriminator, real_images[rows], fake_images[rows], rows)
            logits = [tf.concat(parts, axis=0)[:batch] for parts in zip(logits, rest, strict=True)]
    return Logits(*logits, class_loss_of(discriminator), *gradients)


def class_loss_of(discriminator):
    """Mean cross-entropy of each batch of images shown so far, added up.

    Args:
        discriminator: as for ``paired_logits``.

    Returns:
        float32 scalar; ``None`` without class logits.
    """
    if not isinstance(discriminator, LabelledDiscriminator) or not discriminator.class_losses:
        return None
    total = tf.add_n([tf.reduce_sum(losses) for losses in discriminator.class_losses])
    return total / tf.cast(tf.shape(discriminator.labels)[0], tf.float32)


def penalise(penalties, batch, step) -> dict:
    """Values of all penalties by name; those with an interval rest in between.

    Args:
        penalties: list of ``tfgan_lab.losses.Penalty``, no name twice.
        batch: a ``tfgan_lab.losses.DiscriminatorBatch``; each penalty draws with a seed of its own.
        step: int tensor, training steps done before this one.

    Returns:
        Names to float32 scalars.
    """
    values = {}
    for number, penalty in enumerate(penalties):
        seed = tf.random.fold_in(batch.seed, number)
        take = functools.partial(penalty, batch._replace(seed=seed))
        if penalty.interval == 1:
            values[penalty.name] = take()
        else:
            values[penalty.name] = tf.cond(
                step % penalty.interval == 0,
                lambda take=take, times=penalty.interval: times * take(),
                lambda: 0.0,
            )
    return values


def _logits_of_both(discriminator, real_images, fake_images, rows=slice(None)):
    both = tf.concat([real_images, fake_images], axis=0)
    return tf.split(_of_both(discriminator, rows)(both, training=True), 2)


def _of_both(discriminator, rows):
    """The discriminator for these rows of a real and of a generated batch of the same labels."""
    if not isinstance(discriminator, LabelledDiscriminator):
        return discriminator
    labels = tf.concat([discriminator.labels[rows]] * 2, axis=0)
    return LabelledDiscriminator(discriminator.network, labels, discriminator.class_losses)
