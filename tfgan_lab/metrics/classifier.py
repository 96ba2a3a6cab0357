"""Features of a classifier trained on the data set's own labels."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from tfgan_lab.metrics.features import NetworkFeatures, fitted

SIDE = 32
BATCH_SIZE = 64
_HELD_OUT = 5  # every fifth image tells the accuracy and is not trained on


def classifier_features(images, labels, *, steps=400, seed=0) -> NetworkFeatures:
    """Trains a small classifier and returns the features before its last layer.

    They are of what tells the classes apart in this data set, which no network trained on other
    images knows; and Inception Score becomes a count of these classes. How good it is stands in
    its name.

    Args:
        images: array of shape (n, height, width, 1 or 3), float in [-1, 1] or uint8.
        labels: int array of shape (n,), from 0, of two classes or more.
        steps: int, batches of 64 to train on.
        seed: int, key of initial weights and of the order.

    Returns:
        ``NetworkFeatures``, with ``accuracy`` (float) on the images it was not trained on, which
        are at ``held_out`` (int array).

    Raises:
        ValueError: labels that don't fit, or fewer than ten images.
    """
    labels = np.asarray(labels)
    if len(labels) != len(images) or len(images) < 10 or labels.min() < 0 or labels.max() < 1:
        raise ValueError(
            "Expected ten images or more with a label from 0 each, of two classes or more. "
            f"Received: {len(images)} images, {len(labels)} labels"
        )
    channels = images.shape[-1]
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(images))
    held_out, training = order[::_HELD_OUT], np.delete(order, np.s_[::_HELD_OUT])
    network = _network(channels, int(labels.max()) + 1, seed)
    step = _training_step(network, steps)
    for _ in range(steps):
        chosen = rng.choice(training, BATCH_SIZE)
        batch = fitted(images[chosen], (SIDE, SIDE, channels))
        step(batch, tf.constant(labels[chosen]))
    features = NetworkFeatures(
        network,
        "",
        f"bilinear with antialiasing to {SIDE}x{SIDE}",
        lambda images: fitted(images, (SIDE, SIDE, channels)),
        batch_size=256,
    )
    _, probabilities = features.extract(images[held_out])
    accuracy = (probabilities.argmax(axis=1) == labels[held_out]).mean()
    features.accuracy = float(accuracy)
    features.held_out = held_out
    features.name = f"classifier of the labels (accuracy {accuracy:.3f} on held-out images)"
    return features


def _network(channels, num_classes, seed):
    inputs = x = keras.Input((SIDE, SIDE, channels), dtype="float32")
    settings = {"strides": 2, "padding": "same", "use_bias": False, "dtype": "float32"}
    for index, width in enumerate((32, 64, 128)):
        start = keras.initializers.HeNormal(seed=seed + index)
        x = layers.Conv2D(width, 3, kernel_initializer=start, **settings)(x)
        x = layers.BatchNormalization(momentum=0.9, dtype="float32")(x)
        x = layers.ReLU(dtype="float32")(x)
    features = layers.Flatten(dtype="float32")(layers.AveragePooling2D(2, dtype="float32")(x))
    start = keras.initializers.GlorotUniform(seed=seed)
    logits = layers.Dense(num_classes, kernel_initializer=start, dtype="float32")(features)
    return keras.Model(inputs, {"features": features, "logits": logits}, name="classifier")


def _training_step(network, steps):
    # Small at the end, which makes up for several passes at a constant rate.
    rate = keras.optimizers.schedules.CosineDecay(2e-3, steps)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-3)
    optimizer.build(network.trainable_variables)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def step(images, labels):
        with tf.GradientTape() as tape:
            value = loss(labels, network(images, training=True)["logits"])
        gradients = tape.gradient(value, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))

    return step
