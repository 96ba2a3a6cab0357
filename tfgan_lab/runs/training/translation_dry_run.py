"""What a translator's run would do, in words, without doing it."""

import json

from tfgan_lab.runs.training.precision import explain_precision
from tfgan_lab.runs.training.run_domains import by_domain, load_domains
from tfgan_lab.runs.training.translation_training import build_for


def describe_translation(config) -> str:
    """Loads the images, builds the networks, and says what training would do with them.

    Args:
        config: ``TranslationConfig``.

    Returns:
        Text of several lines, the resolved settings as JSON among them.
    """
    images = load_domains(config)
    model = build_for(config, images)
    counts = zip(by_domain(images), images.class_names, strict=True)
    epochs = config.total_epochs(images.steps_per_epoch)
    steps = epochs * images.steps_per_epoch
    lines = [
        json.dumps(config.to_dict(), indent=2),
        f"domains: {', '.join(f'{name} with {len(domain)} images' for domain, name in counts)}",
        f"generators: {model.generator.count_params():,} parameters",
        f"discriminators: {model.discriminator.count_params():,} parameters",
        *explain_precision(config.precision),
        f"{epochs} epochs of {images.steps_per_epoch} steps: {steps:,} steps, "
        f"{steps * config.batch_size:,} training images",
        "Nothing was written.",
    ]
    return "\n".join(lines)
