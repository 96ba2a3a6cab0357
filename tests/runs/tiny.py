"""The smallest run that the tests train."""

from tfgan_lab.runs.settings.run_config import RunConfig

TINY = {
    "preset": "light",
    "drawn": "plates",
    "num_drawn": 10,
    "image_size": 16,
    "batch_size": 4,
    "generator_widths": (4, 4),
    "discriminator_widths": (4,),
    "latent_size": 4,
    "epochs": 2,
}

# A discriminator on features of images of 32 pixels, shown as they are.
TINY_PROJECTED = TINY | {
    "preset": "projected",
    "image_size": 32,
    "feature_size": 32,
    "generator_widths": (4, 4, 4, 4),
    "discriminator_widths": (4,),
    "evaluate_every": 0,
}


def tiny(run_dir, **settings):
    return RunConfig.from_preset(**(TINY | {"run_dir": str(run_dir)} | settings))


def tiny_flags(**settings):
    """The same for a command line; a setting of ``None`` is left out."""
    words = {}
    for name, value in (TINY | settings).items():
        words[name] = ",".join(map(str, value)) if isinstance(value, tuple) else value
    return [f"--{name}={value}" for name, value in words.items() if value is not None]
