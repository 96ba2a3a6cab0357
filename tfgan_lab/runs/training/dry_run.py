"""What a run would do, in words, without doing it."""

import json

from tfgan_lab.runs.settings.translation_config import TranslationConfig
from tfgan_lab.runs.training.latent_training import LATENT
from tfgan_lab.runs.training.precision import explain_precision
from tfgan_lab.runs.training.translation_training import TRANSLATION


def describe(config) -> str:
    """Loads the images, builds the networks, and says what training would do with them.

    Args:
        config: ``RunConfig`` or ``TranslationConfig``.

    Returns:
        Text of several lines, the resolved settings as JSON among them.
    """
    kind = TRANSLATION if isinstance(config, TranslationConfig) else LATENT
    images = kind.load(config)
    model = kind.build(config, images)
    epochs = config.total_epochs(images.steps_per_epoch)
    steps = epochs * images.steps_per_epoch
    frozen = [layer for layer in model.discriminator.layers if not layer.trainable]
    num_frozen = sum(layer.count_params() for layer in frozen)
    lines = [
        json.dumps(config.to_dict(), indent=2),
        kind.describe(config, images),
        f"generator: {model.generator.count_params():,} parameters",
        f"discriminator: {model.discriminator.count_params():,} parameters"
        + (f", {num_frozen:,} of them frozen" if num_frozen else ""),
        *kind.explain(config),
        *explain_precision(config.precision),
        f"{epochs} epochs of {images.steps_per_epoch} steps: {steps:,} steps, "
        f"{steps * config.batch_size:,} training images",
        "Nothing was written.",
    ]
    return "\n".join(lines)
