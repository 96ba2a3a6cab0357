"""What two replicas draw, and some steps of theirs; a process of its own."""

import json

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.layers.dropout import Dropout
from tfgan_lab.models.optimisation import gradient_step, ready_optimizer
from tfgan_lab.randomness import Purpose, key


def drawn(strategy) -> dict:
    """What each replica draws for its own images, and for all."""
    dropout = Dropout(0.5, seed=1)

    def noise(shared):
        seed = key(3, 5, Purpose.LABEL_NOISE, shared=shared)
        return tf.random.stateless_normal((8,), seed)

    @tf.function
    def draw():
        return noise(shared=False), noise(shared=True), dropout(tf.ones((64,)), training=True)

    results = strategy.run(draw)
    return {
        name: [part.numpy().tolist() for part in strategy.experimental_local_results(result)]
        for name, result in zip(("own", "shared", "dropout"), results, strict=True)
    }


def step_with_overflow(strategy, where) -> dict:
    """A step under loss scaling on which the gradient of one replica, or none (-1), overflows."""
    with strategy.scope():
        network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
        network.set_weights([np.ones((1, 1))])
        optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.5), 4.0)
        optimizer = ready_optimizer(optimizer, network)

    @tf.function
    def step():
        number = tf.distribute.get_replica_context().replica_id_in_sync_group
        factor = tf.where(tf.equal(number, where), np.inf, 1.0)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(factor * network(tf.ones((1, 1))))
            scaled_loss = optimizer.scale_loss(loss)
        return gradient_step(optimizer, tape, scaled_loss, network)

    strategy.run(step)

    def values_of(variable):
        values = strategy.experimental_local_results(variable.value)
        return [float(np.squeeze(value)) for value in values]

    kernel = network.trainable_variables[0]
    return {"weights": values_of(kernel), "scale": values_of(optimizer.dynamic_scale)}


def step_of_an_embedding(strategy) -> list:
    """A step of a table of three rows, of which a batch holds the first twice and the second."""
    with strategy.scope():
        network = keras.Sequential([keras.Input((3,), dtype="int32"), keras.layers.Embedding(3, 1)])
        network.set_weights([np.ones((3, 1))])
        optimizer = ready_optimizer(keras.optimizers.SGD(0.25), network)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(network(tf.constant([[0, 0, 1]])))
        return gradient_step(optimizer, tape, loss, network)

    strategy.run(step)
    return np.squeeze(network.get_weights()[0]).tolist()


def main():
    """Prints all of it as JSON."""
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
    )
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    steps = [step_with_overflow(strategy, where) for where in (-1, 0, 1)]
    embedding = step_of_an_embedding(strategy)
    print(json.dumps({"drawn": drawn(strategy), "steps": steps, "embedding": embedding}))


if __name__ == "__main__":
    main()
