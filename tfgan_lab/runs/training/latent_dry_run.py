"""What a run would do, in words, without doing it."""

import json

from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.settings.small_data import explain
from tfgan_lab.runs.training.latent_building import build_model
from tfgan_lab.runs.training.precision import explain_precision
from tfgan_lab.runs.training.run_images import load_images


def describe(config: RunConfig) -> str:
    """Loads the images, builds the networks, and says what training would do with them.

    Args:
        config: ``RunConfig``.

    Returns:
        Text of several lines, the resolved settings as JSON among them.
    """
    images = load_images(config)
    model = build_model(config, images.num_classes)
    epochs = config.total_epochs(images.steps_per_epoch)
    steps = epochs * images.steps_per_epoch
    classes = f" in {images.num_classes} classes" if config.conditional else ""
    lines = [
        json.dumps(config.to_dict(), indent=2),
        f"{len(images)} images of {config.image_size}x{config.image_size} pixels{classes}, "
        f"{len(images.skipped)} left out",
        f"generator: {model.generator.count_params():,} parameters",
        f"discriminator: {model.discriminator.count_params():,} parameters{_frozen(model)}",
        *explain(config),
        *explain_precision(config.precision),
        f"{epochs} epochs of {images.steps_per_epoch} steps: {steps:,} steps, "
        f"{steps * config.batch_size:,} training images",
        "Nothing was written.",
    ]
    return "\n".join(lines)


def _frozen(model):
    """How many of the discriminator's parameters are never trained, where a layer is frozen."""
    layers = [layer for layer in model.discriminator.layers if not layer.trainable]
    count = sum(layer.count_params() for layer in layers)
    return f", {count:,} of them frozen" if count else ""
