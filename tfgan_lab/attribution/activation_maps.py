"""Maps of evidence: exact where a head pools its features, weighted by gradients elsewhere."""

import dataclasses

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from tfgan_lab.attribution.heads import (
    is_of_places,
    own_graph,
    pooled_head,
    score_layer,
    spatial_layers,
)

METHODS = ("auto", "class_activation", "gradient_weighted", "elementwise")
BATCH_SIZE = 64


@dataclasses.dataclass(frozen=True)
class ActivationMaps:
    """Maps of the evidence for a target, one an image.

    Args:
        maps: float32 array of shape (n, height, width), of the layer's size; positive where the
            features are evidence for the target. With ``"class_activation"``, and with
            ``"elementwise"`` where the layers behind are linear, a map's sum and the bias are the
            score.
        scores: float32 array of shape (n,), the target's score before softmax or sigmoid.
        targets: int array of shape (n,), the class of each; for a network with one logit 1 stands
            for real and 0 for fake, whose score is the logit's negative.
        method: str, how they were made.
        layer: str, the name of the layer that was looked at.
    """

    maps: np.ndarray
    scores: np.ndarray
    targets: np.ndarray
    method: str
    layer: str


def activation_maps(network, images, target=None, *, method="auto", layer=None) -> ActivationMaps:
    """Shows which regions of images are evidence for a class, or for real or fake.

    ``"class_activation"`` weights the features before global average pooling by the target's
    weights in the dense layer behind: exact, for the score is the sum of the map. Networks with
    another head have no such weights. ``"gradient_weighted"`` (Grad-CAM) takes each feature's mean
    gradient for its weight and keeps what is positive. ``"elementwise"`` multiplies every feature
    at every place by its own gradient: the exact parts of the score where what follows is linear,
    such as the flattened features and the dense logit of a discriminator.

    Reference:
        Learning Deep Features for Discriminative Localization, arXiv 1512.04150, equations 1 and 2;
        Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization, arXiv
        1610.02391, equations 1 and 2; Use HiResCAM instead of Grad-CAM for faithful explanations of
        convolutional neural networks, arXiv 2011.08891, equation 6.

    Args:
        network: built ``keras.Model`` from images, or from a list of images and labels, to
            class scores or probabilities of shape (batch, classes), or to one logit, positive for
            real. Of logits of patches, shape (batch, rows, columns, 1), and of such maps flattened
            side by side, as of a projected discriminator, the mean is that logit; of several
            outputs the first is taken. It is run in inference mode.
        images: float array of shape (n, height, width, channels) in [-1, 1]; or a list of that and
            of labels.
        target: class, an int or n of them; ``"real"`` or ``"fake"`` for a network with one logit.
            Unless given, the class with the highest score, and ``"fake"``.
        method: see above; ``"auto"`` is the first for a network with its head, else the second.
        layer: name of the layer to look at, for all methods but the first; the last one whose
            output is larger than 1x1 unless given. Earlier ones have finer maps of simpler things.
            One of a projected discriminator belongs to one of its scales, and shows what that one
            adds to the mean.

    Returns:
        ``ActivationMaps``.

    Raises:
        ValueError: another method, target or layer, or a head for which there is no exact map.

    Example:
        >>> network = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 3),
        ...                             layers.GlobalAveragePooling2D(), layers.Dense(2)])
        >>> found = activation_maps(network, np.zeros((5, 8, 8, 3)), target=1)
        >>> found.maps.shape, found.method
        ((5, 6, 6), 'class_activation')
    """
    if method not in METHODS:
        raise ValueError(f"Expected method out of {', '.join(METHODS)}. Received: {method!r}")
    network = own_graph(network)
    head = pooled_head(network) if layer is None else None
    if method == "class_activation" and head is None:
        raise ValueError(
            "Expected global average pooling and a dense layer at the network's end, and no layer, "
            f"with method='class_activation'. Received: {network.name}, layer={layer!r}"
        )
    if method == "auto":
        method = "gradient_weighted" if head is None else "class_activation"
    chosen = head.features if head is not None else _layer(network, layer)
    inputs = [np.asarray(each) for each in (images if isinstance(images, list) else [images])]
    inputs[0] = inputs[0].astype(np.float32)
    run = _runner(network, chosen)
    parts = [
        _evidence(run, [each[start : start + BATCH_SIZE] for each in inputs], method, head,
                  _part(target, start))
        for start in range(0, len(inputs[0]), BATCH_SIZE)
    ]  # fmt: skip
    return ActivationMaps(*map(np.concatenate, zip(*parts, strict=True)), method, chosen.name)


def enlarge(maps, height, width) -> np.ndarray:
    """Enlarges maps to an image's size, bilinearly.

    Args:
        maps: float array of shape (n, h, w).
        height: int.
        width: int.

    Returns:
        float32 array of shape (n, height, width).

    Example:
        >>> enlarge(np.ones((2, 4, 4)), 8, 8).shape
        (2, 8, 8)
    """
    maps = tf.convert_to_tensor(np.asarray(maps, np.float32)[..., np.newaxis])
    return tf.image.resize(maps, (height, width)).numpy()[..., 0]


def _evidence(run, inputs, method, head, target):
    """Maps, scores and targets of one batch."""
    inputs = [tf.convert_to_tensor(each) for each in inputs]
    with tf.GradientTape() as tape:
        tape.watch(inputs[0])  # Else nothing is recorded of a network that is not trainable.
        features, scores = run(inputs)
        targets, signs = _targets(target, scores)
        columns = targets if scores.shape[-1] > 1 else tf.zeros_like(targets)
        chosen = signs * tf.gather(scores, columns, batch_dims=1)
    gradients = None if method == "class_activation" else tape.gradient(chosen, features)
    features = tf.cast(features, tf.float32)
    if method == "class_activation":
        kernel = tf.cast(tf.gather(tf.transpose(head.dense.kernel), columns), tf.float32)
        # Keras pools by the mean, the paper by the sum: the weights are smaller by this.
        area = features.shape[1] * features.shape[2]
        weights = signs[:, tf.newaxis] * kernel / area
        maps = tf.einsum("nhwk,nk->nhw", features, weights)
    else:
        gradients = tf.cast(gradients, tf.float32)
        if method == "elementwise":
            maps = tf.reduce_sum(gradients * features, axis=-1)
        else:
            weights = tf.reduce_mean(gradients, axis=(1, 2))
            maps = tf.nn.relu(tf.einsum("nhwk,nk->nhw", features, weights))
    return maps.numpy(), chosen.numpy(), targets.numpy()


def _runner(network, chosen):
    """A function from inputs to the chosen layer's features and the scores in float32."""
    last = score_layer(network)
    bare = isinstance(last, layers.Dense) and last.activation is not keras.activations.linear
    scores = last.input if bare else (network.outputs[0] if last is None else last.output)
    model = keras.Model(network.inputs, [chosen.output, scores])
    of_places = is_of_places(network)

    def run(inputs):
        features, scores = model(inputs if len(inputs) > 1 else inputs[0], training=False)
        if bare:
            # A softmax within the dense layer would flatten the gradients of what is sure.
            scores = keras.ops.matmul(scores, last.kernel)
            scores = scores if last.bias is None else scores + last.bias
        scores = tf.cast(scores, tf.float32)
        if scores.shape.rank == 4:
            scores = tf.reduce_mean(scores, axis=(1, 2))
        scores = tf.reshape(scores, (tf.shape(features)[0], -1))
        return features, tf.reduce_mean(scores, axis=1, keepdims=True) if of_places else scores

    return run


def _targets(target, scores):
    """The class of every image, and the sign with which its score counts."""
    count, num_classes = scores.shape
    if num_classes == 1:
        target = "fake" if target is None else target
        if target not in ("real", "fake"):
            raise ValueError(
                "Expected target 'real' or 'fake' for a network with one logit. "
                f"Received: {target!r}"
            )
        real = int(target == "real")
        return tf.fill([count], real), tf.fill([count], 2.0 * real - 1.0)
    if target is None:
        return tf.argmax(scores, axis=-1, output_type=tf.int32), tf.ones([count])
    targets = np.asarray(target)
    whole = np.issubdtype(targets.dtype, np.integer) and targets.shape in {(), (count,)}
    if not whole or targets.min() < 0 or targets.max() >= num_classes:
        raise ValueError(
            f"Expected target as classes from 0 to {num_classes - 1}, one or as many as images. "
            f"Received: {target!r}"
        )
    return tf.constant(np.broadcast_to(targets, (count,)).astype(np.int32)), tf.ones([count])


def _layer(network, name):
    spatial = spatial_layers(network)
    if name is None:
        return spatial[-1]
    named = {layer.name: layer for layer in spatial}
    if name not in named:
        raise ValueError(f"Expected a layer out of {', '.join(named)}. Received: layer={name!r}")
    return named[name]


def _part(target, start):
    one_for_all = target is None or isinstance(target, str) or not np.shape(target)
    return target if one_for_all else np.asarray(target)[start : start + BATCH_SIZE]
