"""What a run would do, in words, without doing it."""

import json

from tfgan_lab.runs.building import build_model
from tfgan_lab.runs.config import RunConfig
from tfgan_lab.runs.pictures import load_pictures
from tfgan_lab.runs.precision import explain_precision
from tfgan_lab.runs.small_data import explain


def describe(config: RunConfig) -> str:
    """Loads the pictures, builds the networks, and says what training would do with them.

    Args:
        config: ``RunConfig``.

    Returns:
        Text of several lines, the resolved settings as JSON among them.
    """
    pictures = load_pictures(config)
    model = build_model(config, pictures.num_classes)
    epochs = config.total_epochs(pictures.steps_per_epoch)
    steps = epochs * pictures.steps_per_epoch
    classes = f" in {pictures.num_classes} classes" if config.conditional else ""
    lines = [
        json.dumps(config.to_dict(), indent=2),
        f"{len(pictures)} pictures of {config.image_size}x{config.image_size} pixels{classes}, "
        f"{len(pictures.skipped)} left out",
        f"generator: {model.generator.count_params():,} parameters",
        f"discriminator: {model.discriminator.count_params():,} parameters{_frozen(model)}",
        *explain(config),
        *explain_precision(config.precision),
        f"{epochs} epochs of {pictures.steps_per_epoch} steps: {steps:,} steps, "
        f"{steps * config.batch_size:,} training pictures",
        "Nothing was written.",
    ]
    return "\n".join(lines)


def _frozen(model):
    """How many of the discriminator's parameters are never trained, where a layer is frozen."""
    layers = [layer for layer in model.discriminator.layers if not layer.trainable]
    count = sum(layer.count_params() for layer in layers)
    return f", {count:,} of them frozen" if count else ""
