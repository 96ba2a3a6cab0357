"""A model's training step, in ``fit`` and by itself."""

import tempfile

import tensorflow as tf

from tfgan_lab import callbacks as cb
from tfgan_lab.runs import RunConfig, build_model, load_images


def fit_loop(model, images):
    """``fit`` with what watches every step and logs every epoch; an epoch is a measurement."""
    folder, dataset = tempfile.mkdtemp(), images.dataset()

    def train(num_steps):
        model.fit(
            dataset,
            steps_per_epoch=num_steps,
            verbose=0,
            callbacks=[cb.FiniteGuard(), cb.CsvLog(folder), cb.TensorBoardLog(folder)],
        )

    return train


def bare_loop(model, images):
    """The step of that ``fit``, compiled, and nothing around it."""
    batches, step = iter(images.dataset()), tf.function(model.train_step)

    def train(num_steps):
        for _ in range(num_steps):
            logs = step(next(batches))
        float(logs["generator_loss"])

    return train


def preset_loop(preset, size, unit, change=None, **settings):
    """``fit`` of a preset on drawn plates, in steps of so many images.

    Args:
        preset: str.
        size: int, height and width of the images.
        unit: int, images that count as a step, whatever the batch is.
        change: function of the configuration and its model that returns another one, or ``None``.
        **settings: of ``RunConfig``.
    """
    config = RunConfig.from_preset(preset, drawn="plates", image_size=size, **settings)
    dataset, model = load_images(config).dataset(), build_model(config)
    if change is not None:
        model = change(config, model)

    def train(num_steps):
        model.fit(dataset, steps_per_epoch=num_steps * unit // config.batch_size, verbose=0)

    return train
