"""The compiled loop of inversion: Adam on many latents at once, each for itself."""

import math
import typing

import tensorflow as tf

from tfgan_lab.graph_options import without_remapper

_BETA_1, _EPSILON = 0.9, 1e-7  # Keras' Adam, as in report R0.


class _State(typing.NamedTuple):
    """What a step of the search changes; n latents, of which each stops by itself."""

    latents: tf.Tensor  # (n, latent_size)
    first_moments: tf.Tensor  # (n, latent_size)
    second_moments: tf.Tensor  # (n, latent_size)
    best: tf.Tensor  # (n,), least objective so far
    best_latents: tf.Tensor  # (n, latent_size)
    best_loss: tf.Tensor  # (n,), loss at the best
    moving: tf.Tensor  # (n,), whether the search for this one continues
    steps_taken: tf.Tensor  # (n,)


class Found(typing.NamedTuple):
    """What the search found for n targets.

    Attributes:
        latents: float32 of shape (n, latent_size).
        steps_taken: int32 of shape (n,).
        losses: float32 of shape (n, steps + 1), on the way of the start that continued; a latent
            that has stopped keeps its last.
        path: float32 of shape (n, steps + 1, latent_size), the same.
        losses_of_starts: float32 of shape (n, starts), least losses when all but one were left.
    """

    latents: tf.Tensor
    steps_taken: tf.Tensor
    losses: tf.Tensor
    path: tf.Tensor
    losses_of_starts: tf.Tensor


class Search:
    """Minimises a loss over latents, for many targets, in one compiled function.

    All starts of a target move for ``trial_steps``; then the best of them alone continues. Nothing
    of one target enters another: the loss is a sum over rows, the generator is in inference mode,
    and Adam works value by value. So a target finds the same latents alone or among others.

    Args:
        loss: callable on (latents, labels, targets) that returns losses of shape (n,).
        distribution: the ``LatentDistribution``; its bounds are kept to.
        settings: ``InversionSettings``.
        progress: function of the steps done, from 0, called before each; or ``None``.
    """

    def __init__(self, loss, distribution, settings, progress=None):
        self._loss = loss
        self._progress = progress
        self._distribution = distribution
        self._settings = settings
        # Taken here: an estimate of them can't be made while a function is traced.
        self._mean, self._stddev = distribution.moments
        signature = [
            tf.TensorSpec((None, settings.starts, distribution.size)),
            tf.TensorSpec((None,), tf.int32),
            tf.TensorSpec((None, None, None, None)),
        ]
        # One trace for batches of any size: the last is mostly smaller. Made here, or TensorFlow
        # would warn of traces where many searches are begun in a loop.
        self._graph = tf.function(self._run, autograph=False).get_concrete_function(*signature)

    def run(self, starts, labels, targets) -> Found:
        """Searches for all targets.

        Args:
            starts: float32 tensor of shape (n, starts, latent_size).
            labels: int32 tensor of shape (n,).
            targets: float32 tensor of shape (n, height, width, channels).

        Returns:
            ``Found``.
        """
        with without_remapper():
            return self._graph(starts, labels, targets)

    def _run(self, starts, labels, targets):
        settings, (count, times, size) = self._settings, tf.unstack(tf.shape(starts))
        state = _begin(tf.reshape(starts, (count * times, size)))
        ways, trial = [], 0
        if settings.starts > 1:
            trial = min(settings.trial_steps, max(settings.steps, 1))
            state, *way = self._descend(
                state, tf.repeat(labels, times), tf.repeat(targets, times, axis=0), 0, trial
            )
            ends = tf.reshape(state.best, (count, times))
            rows = tf.range(count) * times + tf.argmin(ends, axis=1, output_type=tf.int32)
            losses_of_starts = tf.reshape(state.best_loss, (count, times))
            state = tf.nest.map_structure(lambda part: tf.gather(part, rows), state)
            ways.append([tf.gather(part, rows, axis=1) for part in way])
        if trial <= settings.steps:
            state, *way = self._descend(state, labels, targets, trial, settings.steps + 1)
            ways.append(way)
        losses, path = (tf.concat(parts, axis=0) for parts in zip(*ways, strict=True))
        if not trial:
            losses_of_starts = state.best_loss[:, tf.newaxis]
        return Found(
            latents=state.latents if settings.take == "last" else state.best_latents,
            steps_taken=state.steps_taken,
            losses=tf.transpose(losses),
            path=tf.transpose(path, (1, 0, 2)),
            losses_of_starts=losses_of_starts,
        )

    def _descend(self, state, labels, targets, first, end):
        """Steps ``first`` to ``end - 1``; returns the state, and losses and latents before each."""

        def goes_on(step, state, *_):
            return (step == first) | ((step < end) & tf.reduce_any(state.moving))

        def body(step, state, losses, path):
            if self._progress is not None:
                tf.numpy_function(lambda done: self._progress(int(done)), [step], [])
            latents = state.latents
            state, now = self._step(step, state, labels, targets)
            at = step - first
            return step + 1, state, losses.write(at, now), path.write(at, latents)

        arrays = [tf.TensorArray(tf.float32, end - first) for _ in range(2)]
        step, state, losses, path = tf.while_loop(
            goes_on, body, (tf.constant(first), state, *arrays), parallel_iterations=1
        )
        # Where all stopped early, the rest of the way is standing still.
        way = tf.minimum(tf.range(end - first), step - first - 1)
        return state, tf.gather(losses.stack(), way), tf.gather(path.stack(), way)

    def _step(self, step, state, labels, targets):
        """Looks at the latents, and moves those whose search continues; state and losses."""
        with tf.GradientTape() as tape:
            tape.watch(state.latents)
            losses = self._loss(state.latents, labels, targets)
            objectives = losses + self._settings.prior_weight * self._excess(state.latents)
            total = tf.reduce_sum(objectives)
        gradients = tape.gradient(total, state.latents)
        better = objectives < state.best
        moving = state.moving & (losses > self._settings.tolerance)
        moving &= (step < self._settings.steps) & tf.reduce_all(
            tf.math.is_finite(gradients), axis=-1
        )
        updated = self._adam(step, state, gradients)
        moves = moving[:, tf.newaxis]
        state = _State(
            latents=tf.where(moves, updated[0], state.latents),
            first_moments=tf.where(moves, updated[1], state.first_moments),
            second_moments=tf.where(moves, updated[2], state.second_moments),
            best=tf.where(better, objectives, state.best),
            best_latents=tf.where(better[:, tf.newaxis], state.latents, state.best_latents),
            best_loss=tf.where(better, losses, state.best_loss),
            moving=moving,
            steps_taken=state.steps_taken + tf.cast(moving, tf.int32),
        )
        return state, losses

    def _adam(self, step, state, gradients):
        """Adam's update of the latents, kept within their bounds, and its two moments."""
        beta_2, time = self._settings.beta_2, tf.cast(step + 1, tf.float32)
        first = _BETA_1 * state.first_moments + (1 - _BETA_1) * gradients
        second = beta_2 * state.second_moments + (1 - beta_2) * gradients**2
        rate = self._learning_rate(step)
        rate *= tf.sqrt(1 - beta_2**time) / (1 - _BETA_1**time)
        latents = state.latents - rate * first / (tf.sqrt(second) + _EPSILON)
        return self._distribution.clip(latents), first, second

    def _learning_rate(self, step):
        rate = tf.constant(self._settings.learning_rate)
        if self._settings.decay == "none":
            return rate
        share = tf.cast(step, tf.float32) / max(1, self._settings.steps)
        return rate * 0.5 * (1 + tf.cos(math.pi * share))

    def _excess(self, latents):
        """Squared excess of the mean square over 1, that of draws: (n,), 0 for nearer ones."""
        square = tf.reduce_mean(((latents - self._mean) / self._stddev) ** 2, axis=-1)
        return tf.nn.relu(square - 1) ** 2


def _begin(latents):
    """The state before the first step."""
    rows, zeros = tf.shape(latents)[:1], tf.zeros_like(latents)
    endless = tf.fill(rows, float("inf"))
    return _State(
        latents=latents,
        first_moments=zeros,
        second_moments=zeros,
        best=endless,
        best_latents=latents,
        best_loss=endless,
        moving=tf.ones(rows, tf.bool),
        steps_taken=tf.zeros(rows, tf.int32),
    )
