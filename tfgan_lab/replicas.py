"""Training on several devices at once: what replicas share, and what each has of its own.

Every replica trains on its part of a batch. Gradients, statistics and logged values are those of
the whole batch, so all replicas' variables stay the same. On one device all of this does nothing.
"""

import contextlib

import keras
import tensorflow as tf


def num_replicas() -> int:
    """How many replicas train together; 1 where nothing is distributed."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def replica_number():
    """Which of them this is, from 0: an int tensor within a step; 0 outside of one."""
    context = tf.distribute.get_replica_context()
    # Outside of a replica (building, cross-replica code) there is only one stream.
    return context.replica_id_in_sync_group if context is not None else 0


def mean_over_replicas(value) -> tf.Tensor:
    """Mean of a tensor of one shape over all replicas.

    Args:
        value: float tensor, each replica's own.
    """
    if num_replicas() == 1:
        return value
    return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, value)


def of_whole_batch(values) -> dict:
    """Means over all replicas of what a step logs, in one exchange.

    Args:
        values: dict of names to float scalars, each replica's own.
    """
    if num_replicas() == 1:
        return values
    packed = tf.stack([tf.cast(value, tf.float32) for value in values.values()])
    return dict(zip(values, tf.unstack(mean_over_replicas(packed)), strict=True))


def whole_batch(part) -> tf.Tensor:
    """All replicas' parts of a batch, in their order.

    Args:
        part: tensor of shape (batch / replicas, ...), this replica's rows.

    Returns:
        Tensor of shape (batch, ...), the same on every replica.
    """
    if num_replicas() == 1:
        return part
    return tf.distribute.get_replica_context().all_gather(part, axis=0)


def own_part(batch) -> tf.Tensor:
    """The rows of a batch that are this replica's.

    Args:
        batch: tensor of shape (batch, ...), the same on every replica.
    """
    if num_replicas() == 1:
        return batch
    size = tf.shape(batch)[0] // num_replicas()
    start = replica_number() * size
    return batch[start : start + size]


@contextlib.contextmanager
def same_everywhere():
    """Lets variables that are made within the block be assigned to within a step.

    TensorFlow wants to know what becomes of several replicas' values. Here every replica assigns
    the same one, so the first will do, and reading needs no exchange with the others.

    Example:
        >>> with same_everywhere():
        ...     variable = tf.Variable(0.0)
        >>> variable.aggregation.name
        'ONLY_FIRST_REPLICA'
    """

    def create(next_creator, **kwargs):
        kwargs["aggregation"] = tf.VariableAggregation.ONLY_FIRST_REPLICA
        kwargs["synchronization"] = tf.VariableSynchronization.AUTO
        return next_creator(**kwargs)

    with tf.variable_creator_scope(create):
        yield


def share_statistics(network) -> None:
    """Lets batch norms normalise by the whole batch, not by each replica's part.

    Args:
        network: built ``keras.Model``.
    """
    for layer in network._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.synchronized = True


def distributed(dataset, batch_size, strategy):
    """Serves each replica its rows of every batch.

    TensorFlow's own way would give them files, or turns at batches; the batches of one device
    could not be had with several.

    Args:
        dataset: ``tf.data.Dataset`` of dicts of tensors of shape (batch_size, ...).
        batch_size: int, divisible by the number of replicas.
        strategy: ``tf.distribute.Strategy``.

    Returns:
        ``tf.distribute.DistributedDataset`` for ``fit``, or the data set itself on one replica.
    """
    count = strategy.num_replicas_in_sync
    if count == 1:
        return dataset
    if batch_size % count:
        raise ValueError(
            "Expected a batch that all replicas have equal parts of. "
            f"Received: batch_size={batch_size} for {count} replicas"
        )

    def parts(batch):
        def split(rows):
            return tf.reshape(rows, (count, batch_size // count, *rows.shape[1:]))

        return tf.data.Dataset.from_tensor_slices(tf.nest.map_structure(split, batch))

    return strategy.distribute_datasets_from_function(
        lambda context: dataset.flat_map(parts).prefetch(count)
    )
