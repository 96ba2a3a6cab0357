"""Passes through the discriminator: logits of a real and a generated batch, and penalties."""

import functools

import tensorflow as tf

from tfgan_lab.losses.penalties import first_part, logits_and_gradients


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

    def class_loss(self) -> tf.Tensor:
        """Mean cross-entropy of each batch of images shown so far, added up; a scalar."""
        total = tf.add_n([tf.reduce_sum(losses) for losses in self.class_losses])
        return total / tf.cast(tf.shape(self.labels)[0], tf.float32)

    def with_labels(self, labels):
        """Returns the same discriminator for others, adding to the same ``class_losses``."""
        return LabelledDiscriminator(self.network, labels, self.class_losses)


def paired_logits(discriminator, real_images, fake_images, joint_batch) -> tuple:
    """Both batches' logits in training mode.

    Args:
        discriminator: the model, from images to logits, or a ``LabelledDiscriminator`` that
            knows the labels of either batch.
        real_images: tensor of shape (batch, height, width, channels).
        fake_images: as many generated ones.
        joint_batch: whether both go through the discriminator as one batch.

    Returns:
        Two tensors of shape (batch, 1).
    """
    if not joint_batch:
        return discriminator(real_images, training=True), discriminator(fake_images, training=True)
    both = tf.concat([real_images, fake_images], axis=0)
    return tf.split(_of_both(discriminator)(both, training=True), 2)


def paired_logits_with_gradients(discriminator, real_images, fake_images, share) -> tuple:
    """Both batches' logits, and the input gradients of the first images of each.

    The first images go through the discriminator once for both: the plain way,
    ``paired_logits`` and then ``input_gradients``, computes their answers twice, and
    differentiates both times.

    Args:
        discriminator: as for ``paired_logits``, as are the images.
        real_images: see there.
        fake_images: see there.
        share: float in (0, 1], part of each batch whose gradients are wanted.

    Returns:
        Real and generated images' logits of shape (batch, 1), and input gradients of shape
        (part, height, width, channels) of the first real and the first generated ones.
    """
    first = [first_part(images, share) for images in (real_images, fake_images)]
    discriminator_for_first = _of_both(_of_part(discriminator, stop=tf.shape(first[0])[0]))
    logits, gradients = logits_and_gradients(discriminator_for_first, tf.concat(first, axis=0))
    logits = tf.split(logits, 2)
    if share < 1:
        batch = tf.shape(real_images)[0]
        # A batch of one has no rest, and convolutions fail on none: then it goes through once more.
        start = tf.minimum(tf.shape(first[0])[0], batch - 1)
        discriminator_for_rest = _of_part(discriminator, start=start)
        rest = paired_logits(
            discriminator_for_rest, real_images[start:], fake_images[start:], joint_batch=True
        )
        logits = [tf.concat(parts, axis=0)[:batch] for parts in zip(logits, rest, strict=True)]
    return *logits, *tf.split(gradients, 2)


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


def _of_both(discriminator):
    """The discriminator for a real and a generated batch, joined, of the same labels."""
    if not isinstance(discriminator, LabelledDiscriminator):
        return discriminator
    return discriminator.with_labels(tf.concat([discriminator.labels] * 2, axis=0))


def _of_part(discriminator, start=None, stop=None):
    """The discriminator for a part of its batch."""
    if not isinstance(discriminator, LabelledDiscriminator):
        return discriminator
    return discriminator.with_labels(discriminator.labels[start:stop])
