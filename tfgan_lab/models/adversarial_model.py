"""What every adversarial model shares: compiling two optimisers, EMA, keyed randomness, fit."""

import abc
import functools

import keras
import tensorflow as tf

from tfgan_lab.configurable import Configurable
from tfgan_lab.data.domain_images import AlternatingImages, UnpairedImages
from tfgan_lab.data.image_set import ImageSet
from tfgan_lab.graph_options import remapper_for
from tfgan_lab.losses.penalties import check_twice_differentiable
from tfgan_lab.models.moving_average import averaged_copy, move_average
from tfgan_lab.models.optimisation import learning_rate_of, ready_optimizer, record_mean
from tfgan_lab.models.saved_state import SavedState
from tfgan_lab.models.updates import UpdateRule
from tfgan_lab.randomness import Purpose, key
from tfgan_lab.replicas import distributed, num_replicas, of_whole_batch, share_statistics


class AdversarialModel(SavedState, Configurable, keras.Model, abc.ABC):
    """Abstract: a generator, a discriminator, and everything of training but the step itself.

    A concrete model overrides ``train_step`` and lists its networks' extras; it reads like the
    algorithm of its paper. This class compiles and saves both optimisers, keeps the moving
    average of the generator, counts steps, and starts ``fit`` at the step where the model is.

    Args:
        generator: built ``keras.Model`` from latents to images in [-1, 1].
        discriminator: built ``keras.Model`` from images to logits.
        seed: int, key of all randomness of training together with the step.
        ema_half_life_images: number of training images after which a weight counts half in the
            moving average of the generator; 0 keeps no average. 5,000 to 10,000 suit short runs.
            At the start it is a quarter of the images seen, so that the untrained weights are
            soon forgotten.
        name: name of the model.
    """

    METRICS = (
        "discriminator_loss",
        "generator_loss",
        "real_logits",
        "fake_logits",
        "discriminator_gradient_norm",
        "generator_gradient_norm",
    )

    num_classes = 0  # Of a model without classes; labels go to the networks of others.

    def __init__(self, generator, discriminator, *, seed=0, ema_half_life_images=0, name=None):
        super().__init__(name=name)
        for role, network in [("generator", generator), ("discriminator", discriminator)]:
            if not getattr(network, "built", False):
                raise ValueError(
                    f"Expected a built {role} (give its first layer a keras.Input). "
                    f"Received: {network!r}"
                )
        if ema_half_life_images < 0:
            raise ValueError(
                "Expected ema_half_life_images of at least 0. "
                f"Received: ema_half_life_images={ema_half_life_images}"
            )
        if num_replicas() > 1:
            share_statistics(generator)
            share_statistics(discriminator)
        self.generator = generator
        self.discriminator = discriminator
        self.seed = int(seed)
        self.ema_half_life_images = ema_half_life_images
        self.ema_generator = averaged_copy(generator) if ema_half_life_images else None
        # Batch norms of the average that a model measures again, instead of averaging.
        self._measured_norms = []
        self.step = self._counter("step")
        self.images_seen = self._counter("images_seen")
        # Until compile sets them.
        self.penalties, self.augmenter, self.observers, self._means = [], None, [], {}
        # Until ``fit`` gets ``ImageSet``; callbacks look at them.
        self.training_images = None
        self._resumes_within_epoch = False
        self.built = True

    @abc.abstractmethod
    def train_step(self, data):
        """Updates both networks once; returns running means of ``METRICS`` and penalties."""

    @property
    def sampling_generator(self):
        """The generator to show and to release: the moving average, where one is kept."""
        return self.generator if self.ema_generator is None else self.ema_generator

    def compile(
        self,
        generator_optimizer=None,
        discriminator_optimizer=None,
        loss=None,
        penalties=(),
        augmenter=None,
        update=None,
        **kwargs,
    ):
        """Sets how the networks learn.

        Args:
            generator_optimizer: Keras optimiser of the generator; Adam(2e-4, beta_1=0.5) unless
                given.
            discriminator_optimizer: another instance for the discriminator, same default.
            loss: a ``tfgan_lab.losses.AdversarialLoss``.
            penalties: list of ``tfgan_lab.losses.Penalty``, added to the discriminator's loss, each
                of them logged by its name.
            augmenter: differentiable callable on (images, seed), such as
                ``tfgan_lab.layers.DiffAugment``, through which the discriminator sees all
                images, real and generated, in both networks' steps; ``None`` for none.
            update: an ``UpdateRule``; alternating by default.
            **kwargs: ``jit_compile``, ``run_eagerly``, ``steps_per_execution`` of
                ``keras.Model.compile``.

        Raises:
            ValueError: no loss, one optimiser given for both networks, a penalty given twice, or
                one that can't be learned from.
        """
        if loss is None or not hasattr(loss, "discriminator_loss"):
            raise ValueError(
                "Expected loss to be an adversarial loss such as "
                f"tfgan_lab.losses.BinaryCrossEntropy(). Received: loss={loss!r}"
            )
        if generator_optimizer is not None and generator_optimizer is discriminator_optimizer:
            raise ValueError(
                "Expected two optimisers, one for each network: they keep moments of their own. "
                "Received: the same object twice"
            )
        names = [penalty.name for penalty in penalties]
        generator_optimizer = ready_optimizer(generator_optimizer, self.generator)
        rate = learning_rate_of(generator_optimizer)
        self.observers = [each for each in (augmenter, rate) if getattr(each, "log_names", ())]
        logged = [name for observer in self.observers for name in observer.log_names]
        if len(set(names)) < len(names):
            raise ValueError(f"Expected every penalty once. Received: {', '.join(names)}")
        if any(penalty.differentiates_twice for penalty in penalties):
            check_twice_differentiable(self.discriminator)
        update = update or UpdateRule()
        if update.shared_gradients and not any(each.gradient_share for each in penalties):
            raise ValueError(
                "Expected R1 or R2 at every step with shared_gradients=True. "
                f"Received: penalties={', '.join(names) or 'none'}"
            )
        # XLA is slower than oneDNN on CPUs and changes the bits; so it is opt-in.
        kwargs.setdefault("jit_compile", False)
        super().compile(optimizer=None, **kwargs)
        self.adversarial_loss = loss
        self.penalties = list(penalties)
        self.augmenter = augmenter
        self.update = update
        self._means = {
            metric: keras.metrics.Mean(name=metric) for metric in (*self.METRICS, *names, *logged)
        }
        self.generator_optimizer = generator_optimizer
        self.discriminator_optimizer = ready_optimizer(discriminator_optimizer, self.discriminator)

    def get_compile_config(self):
        """Describes ``compile``'s arguments so that ``load_model`` can repeat the call."""
        serialize = keras.saving.serialize_keras_object
        return {
            "generator_optimizer": serialize(self.generator_optimizer),
            "discriminator_optimizer": serialize(self.discriminator_optimizer),
            "loss": serialize(self.adversarial_loss),
            "penalties": serialize(self.penalties),
            "augmenter": serialize(self.augmenter),
            "update": serialize(self.update),
            "jit_compile": self.jit_compile,
            "run_eagerly": self.run_eagerly,
            "steps_per_execution": self.steps_per_execution,
        }

    def compile_from_config(self, config):
        """Repeats ``compile``; the optimisers are built here, before their state is loaded."""
        self.compile(**keras.saving.deserialize_keras_object(config))

    def fit(self, x=None, *, epochs=1, callbacks=None, verbose="auto", **kwargs):
        """Trains, from the step where the model is.

        Args:
            x: ``tfgan_lab.data.ImageSet``: their order and augmentation are functions of seed and
                step, so a restored model resumes to the same bits, also from within an epoch. Or
                anything that ``keras.Model.fit`` takes and that yields dicts with ``image``.
            epochs: with ``ImageSet``, the number of epochs the model will have seen **in all**;
                a second call with the same number trains nothing. Otherwise as in Keras.
            callbacks: list of Keras callbacks.
            verbose: as in Keras.
            **kwargs: further arguments of ``keras.Model.fit``.

        Returns:
            ``keras.callbacks.History`` of the epochs that this call completed.
        """
        with remapper_for(self.discriminator):
            return self._fit(x, epochs=epochs, callbacks=callbacks, verbose=verbose, **kwargs)

    def _fit(self, x, *, epochs, callbacks, verbose, **kwargs):
        if not isinstance(x, (ImageSet, UnpairedImages, AlternatingImages)):
            if isinstance(x, tf.data.Dataset):
                kwargs.setdefault("shuffle", False)  # Keras warns where it can't.
            return super().fit(x, epochs=epochs, callbacks=callbacks, verbose=verbose, **kwargs)
        clash = {"steps_per_epoch", "initial_epoch", "batch_size", "shuffle"} & kwargs.keys()
        if clash:
            raise ValueError(
                "Expected no steps_per_epoch, initial_epoch, batch_size or shuffle with an "
                f"ImageSet, which knows them. Received: {', '.join(sorted(clash))}"
            )
        self.training_images = x
        steps = x.steps_per_epoch
        if steps % self.steps_per_execution:
            raise ValueError(
                "Expected steps_per_execution to divide the steps of an epoch. Received: "
                f"steps_per_execution={self.steps_per_execution}, {steps} steps per epoch"
            )
        callbacks = keras.callbacks.CallbackList(
            callbacks,
            add_history=True,
            add_progbar=verbose != 0,
            model=self,
            verbose=1 if verbose == "auto" else verbose,
            epochs=epochs,
            steps=steps,
        )
        fit = functools.partial(
            super().fit, callbacks=callbacks, verbose=verbose, shuffle=False, **kwargs
        )

        epoch, done = divmod(int(self.step.numpy()), steps)
        # The rest of an interrupted epoch is a fit of its own: Keras knows only whole epochs.
        rest = [(epoch, epoch + 1, done)] if done and epoch < epochs else []
        completed = []
        for first, last, done in [*rest, (epoch + len(rest), epochs, 0)]:
            self._resumes_within_epoch = done > 0
            images = x.dataset(start_step=first * steps + done)
            history = fit(
                distributed(images, x.batch_size, self.distribute_strategy),
                initial_epoch=first,
                epochs=last,
                steps_per_epoch=steps - done,
            )
            completed += history.epoch
            if self.stop_training:
                break  # Another fit would forget that it was asked to stop.
        history.epoch = completed
        return history

    def reset_metrics(self):
        """Empties the running means, but not when ``fit`` continues within an epoch."""
        if self._resumes_within_epoch:
            self._resumes_within_epoch = False
        else:
            super().reset_metrics()

    def call(self, inputs, training=False):
        """Returns the images of the sampling generator for latents."""
        return self.sampling_generator(inputs, training=training)

    def get_config(self):
        """Returns the constructor's arguments, serialised."""
        return super().get_config() | {"name": self.name}

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        """Does nothing: all is built, and Keras' way fails on dicts of several devices."""

    def _counter(self, name):
        return self.add_weight(
            shape=(), dtype="int64", initializer="zeros", trainable=False, name=name
        )

    def _key(self, purpose: Purpose, index=0, shared=False):
        return key(self.seed, self.step, purpose, index, shared)

    def _finish_step(self, num_images, values):
        """Moves the average and the step on; returns the running means for the logs."""
        num_images = num_images * num_replicas()
        self.step.assign_add(1)
        self.images_seen.assign_add(tf.cast(num_images, tf.int64))
        if self.ema_generator is not None:
            move_average(
                self.ema_generator,
                self.generator,
                num_images,
                self.images_seen,
                self.ema_half_life_images,
                measured=self._measured_norms,
            )
        for name, value in of_whole_batch(values).items():
            record_mean(self._means[name], value, self.generator_optimizer)
        return {name: mean.result() for name, mean in self._means.items()}
