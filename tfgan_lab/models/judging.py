"""How the discriminator comes to its answers about real and generated pictures."""

import tensorflow as tf

from tfgan_lab.losses.penalties import first_part, logits_and_gradients


def judge(discriminator, real_images, fake_images, joint_batch) -> tuple:
    """Both batches' logits in training mode.

    Args:
        discriminator: the model, from pictures to logits.
        real_images: tensor of shape (batch, height, width, channels).
        fake_images: as many generated ones.
        joint_batch: whether both go through the discriminator as one batch.

    Returns:
        Two tensors of shape (batch, 1).
    """
    if not joint_batch:
        return discriminator(real_images, training=True), discriminator(fake_images, training=True)
    both = discriminator(tf.concat([real_images, fake_images], axis=0), training=True)
    return tf.split(both, 2)


def judge_with_gradients(discriminator, real_images, fake_images, share) -> tuple:
    """Both batches' logits, and the input gradients of the first pictures of each.

    The first pictures go through the discriminator once for both: the plain way, ``judge`` and
    then ``input_gradients``, computes their answers twice, and differentiates both times.

    Args:
        discriminator: as for ``judge``, as are the pictures.
        real_images: see there.
        fake_images: see there.
        share: float in (0, 1], part of each batch whose gradients are wanted.

    Returns:
        Real and generated pictures' logits of shape (batch, 1), and input gradients of shape
        (part, height, width, channels) of the first real and the first generated ones.
    """
    first = [first_part(images, share) for images in (real_images, fake_images)]
    logits, gradients = logits_and_gradients(discriminator, tf.concat(first, axis=0))
    logits = tf.split(logits, 2)
    if share < 1:
        batch = tf.shape(real_images)[0]
        # A batch of one has no rest, and convolutions fail on none: then it is judged once more.
        start = tf.minimum(tf.shape(first[0])[0], batch - 1)
        rest = judge(discriminator, real_images[start:], fake_images[start:], joint_batch=True)
        logits = [tf.concat(parts, axis=0)[:batch] for parts in zip(logits, rest, strict=True)]
    return *logits, *tf.split(gradients, 2)
