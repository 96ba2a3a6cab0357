"""Networks that know the class, made of networks that don't.

Each method of conditioning takes any generator or discriminator of this room and gives back a model
with a second input: int32 labels of shape (batch,).
"""

import keras
from keras import layers

from tfgan_lab.layers.conditioning import ConditionalBatchNormalization
from tfgan_lab.layers.dropout import Dropout
from tfgan_lab.layers.spectral_norm import SpectralDense
from tfgan_lab.networks.sizes import check_choice

GENERATOR_METHODS = ("concatenation", "batch_norm")
DISCRIMINATOR_METHODS = ("concatenation", "projection", "classifier")


def conditional_generator(
    network, num_classes, *, method="concatenation", label_size=None
) -> keras.Model:
    """Tells a generator the class.

    ``"concatenation"`` appends the class to the latents, as reports R2 and R4 do; ``network`` is
    built for latents that much longer. ``"batch_norm"`` gives every batch norm of ``network`` a
    scale and a shift for each class; the latents stay as they are.

    Reference:
        Conditional Generative Adversarial Nets, arXiv 1411.1784, section 3.2; cGANs with
        Projection Discriminator, arXiv 1802.05637, section 5.

    Args:
        network: built generator; with ``"batch_norm"`` a ``keras.Sequential`` that has any. It is
            taken apart: don't use it by itself afterwards.
        num_classes: int from 2.
        method: one of ``GENERATOR_METHODS``.
        label_size: int from 1, length of a learned embedding that is appended; ``None`` appends the
            class as ``num_classes`` zeros and ones. Only with ``"concatenation"``.

    Returns:
        ``keras.Model`` from a list of latents of shape (batch, latent_size) and labels to what
        ``network`` gives. After ``"concatenation"``, latent_size is that of ``network`` less
        ``label_size`` or ``num_classes``.

    Raises:
        ValueError: an unknown method, or a network that it can't be used with.

    Example:
        >>> from tfgan_lab.networks import dcgan_generator
        >>> network = dcgan_generator(image_size=16, latent_size=20 + 8, widths=(8, 8))
        >>> conditional_generator(network, 8).input_shape
        [(None, 20), (None,)]
    """
    _check(method, GENERATOR_METHODS, num_classes)
    labels = keras.Input((), dtype="int32", name="labels")
    name = f"conditional_{network.name}"
    if method == "batch_norm":
        if label_size is not None:
            raise ValueError(
                'Expected label_size only with method="concatenation". '
                f"Received: label_size={label_size}"
            )
        latents = keras.Input(network.input_shape[1:], name="latents")
        images = _with_conditional_batch_norm(network, latents, labels, num_classes)
        return keras.Model([latents, labels], images, name=name)
    if label_size is not None and label_size < 1:
        raise ValueError(f"Expected label_size from 1. Received: label_size={label_size}")
    width = label_size or num_classes
    latent_size = network.input_shape[-1] - width
    if latent_size < 1:
        raise ValueError(
            f"Expected a generator of more than {width} latent values: so many are the class. "
            f"Received: {network.input_shape[-1]}"
        )
    latents = keras.Input((latent_size,), name="latents")
    x = layers.Concatenate()([latents, _embedded(labels, num_classes, label_size)])
    # Layer by layer where it is a stack: the file then holds no network within a network.
    for layer in network.layers if isinstance(network, keras.Sequential) else [network]:
        x = layer(x)
    return keras.Model([latents, labels], x, name=name)


def conditional_discriminator(
    network, num_classes, *, method="projection", hidden=(128,), dropout=0.0
) -> keras.Model:
    """Tells a discriminator the class, or has it tell the class.

    All methods keep ``network`` up to the features that its last dense layer sees.

    - ``"concatenation"`` appends zeros and ones for the class to them; dense layers with LeakyReLU
      and dropout follow, as in report R2. Without any the class could only shift the logit.
    - ``"projection"`` adds to the logit the scalar product of the features with a learned vector of
      the class. The vectors begin at zero: at first the class is not looked at.
    - ``"classifier"`` leaves the logit alone and adds class logits. The labels are not looked at.

    Reference:
        Conditional Generative Adversarial Nets, arXiv 1411.1784; cGANs with Projection
        Discriminator, arXiv 1802.05637, equation 4; Conditional Image Synthesis With Auxiliary
        Classifier GANs, arXiv 1610.09585, section 4.

    Args:
        network: built discriminator that ends in a dense logit. It is taken apart: don't use it by
            itself afterwards.
        num_classes: int from 2.
        method: one of ``DISCRIMINATOR_METHODS``.
        hidden: widths of the dense layers after ``"concatenation"``, at least one.
        dropout: float in [0, 1), after each of them.

    Returns:
        ``keras.Model`` from a list of images and labels to float32 logits of shape (batch, 1);
        with ``"classifier"`` to a list of these and class logits of shape (batch, num_classes).

    Raises:
        ValueError: an unknown method, or a network without a dense logit.

    Example:
        >>> from tfgan_lab.networks import dcgan_discriminator
        >>> network = dcgan_discriminator(image_size=16, widths=(8, 8))
        >>> conditional_discriminator(network, 8, method="classifier").output_shape
        [(None, 1), (None, 8)]
    """
    _check(method, DISCRIMINATOR_METHODS, num_classes)
    last = network.layers[-1]
    if not isinstance(last, (layers.Dense, SpectralDense)):
        raise ValueError(
            f"Expected a discriminator whose last layer is dense. Received: {type(last).__name__}"
        )
    if method == "concatenation" and not hidden:
        raise ValueError(
            'Expected a hidden width or more with method="concatenation". Received: none'
        )
    images, features = network.inputs[0], last.input
    labels = keras.Input((), dtype="int32", name="labels")
    if method == "concatenation":
        x = layers.Concatenate()([features, _embedded(labels, num_classes)])
        for width in hidden:
            x = layers.LeakyReLU(0.2)(layers.Dense(width)(x))
            if dropout:
                x = Dropout(dropout)(x)
        answers = layers.Dense(1, dtype="float32")(x)
    elif method == "projection":
        vectors = layers.Embedding(
            num_classes, features.shape[-1], embeddings_initializer="zeros", dtype="float32"
        )(labels)
        product = layers.Dot(axes=1, dtype="float32")([features, vectors])
        answers = layers.Add(dtype="float32")([last(features), product])
    else:
        answers = [last(features), layers.Dense(num_classes, dtype="float32")(features)]
    return keras.Model([images, labels], answers, name=f"conditional_{network.name}")


def class_mixing_generator(network) -> keras.Model:
    """A generator with classes as one that takes shares of them, to go from one class to another.

    What a label stands for, its zeros and ones or its learned vector, and its scales and shifts,
    is replaced by the mean over the classes with the given weights. The weights of ``network`` are
    shared; an image of one class alone is the same as from ``network``.

    Reference:
        Large Scale GAN Training for High Fidelity Natural Image Synthesis, arXiv 1809.11096,
        figure 8, where classes are interpolated in this way.

    Args:
        network: what ``conditional_generator`` returned.

    Returns:
        ``keras.Model`` from a list of latents of shape (batch, latent_size) and float32 class
        weights of shape (batch, num_classes), each row of sum 1, to images.

    Raises:
        ValueError: a network of another kind.

    Example:
        >>> from tfgan_lab.networks import dcgan_generator
        >>> network = dcgan_generator(image_size=16, latent_size=20 + 8, widths=(8, 8))
        >>> class_mixing_generator(conditional_generator(network, 8)).input_shape
        [(None, 20), (None, 8)]
    """
    shapes = getattr(network, "input_shape", None)
    sizes = [
        layer.input_dim if isinstance(layer, layers.Embedding) else layer.num_classes
        for layer in network.layers
        if isinstance(layer, (layers.Embedding, ConditionalBatchNormalization))
    ]
    if not isinstance(shapes, list) or not sizes:
        raise ValueError(
            "Expected a generator of conditional_generator. "
            f"Received: {network.name}, input shape {shapes}"
        )
    latents = keras.Input(shapes[0][1:], name="latents")
    weights = keras.Input((sizes[0],), name="class_weights")

    def call(layer, *arguments, **options):
        if isinstance(layer, layers.Embedding):
            mean = layers.Dense(layer.output_dim, use_bias=False)
            mean.build(weights.shape)
            mean.kernel.assign(layer.embeddings)
            return mean(arguments[0])
        return layer(*arguments, **options)

    return keras.models.clone_model(
        network,
        input_tensors=[latents, weights],
        clone_function=lambda layer: layer,
        call_function=call,
    )


def _check(method, methods, num_classes):
    check_choice("method", method, methods)
    if num_classes < 2:
        raise ValueError(f"Expected num_classes from 2. Received: num_classes={num_classes}")


def _embedded(labels, num_classes, size=None):
    """A learned vector of every label, or zeros and ones; symbolic, of shape (batch, size)."""
    if size is not None:
        return layers.Embedding(num_classes, size)(labels)
    return layers.Embedding(
        num_classes, num_classes, embeddings_initializer="identity", trainable=False
    )(labels)


def _with_conditional_batch_norm(network, x, labels, num_classes):
    """A stack on a new input, with another layer for each batch norm."""
    stack = network.layers if isinstance(network, keras.Sequential) else []
    if not any(isinstance(layer, layers.BatchNormalization) for layer in stack):
        raise ValueError(
            'Expected a keras.Sequential generator with batch norm for method="batch_norm". '
            f"Received: {network.name}"
        )
    for layer in stack:
        if isinstance(layer, layers.BatchNormalization):
            conditional = ConditionalBatchNormalization(
                num_classes, layer.momentum, layer.epsilon, dtype=layer.dtype_policy
            )
            x = conditional([x, labels])
        else:
            x = layer(x)
    return x
