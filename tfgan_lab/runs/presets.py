"""Presets: named settings that differ from the defaults, as plain data."""

# R0's settings, shared by its two generators: two alternating rounds on one joint batch, the
# opponent in inference mode, labels with noise, pixels in [0, 1].
_R0 = {
    "image_size": 64,
    "batch_size": 32,
    "latent_size": 128,
    "discriminator_widths": (64, 128, 128),
    "discriminator_dropout": 0.2,
    "negative_slope": 0.2,
    "pixel_range": (0, 1),
    "label_noise": 0.05,
    "mean_over_halves": True,
    "discriminator_learning_rate": 1e-6,
    "beta_1": 0.9,
    "opponent_training": False,
    "joint_batch": True,
    "ema_half_life_images": 0,
    "snapshot_every": 100,
}

PRESETS = {
    "r0-transposed": _R0
    | {
        "generator": "transposed",
        "generator_widths": (128, 128, 256, 512),
        "generator_learning_rate": 1e-5,
        "epochs": 5700,
    },
    "r0-upsampling": _R0
    | {
        "generator": "upsampling",
        "generator_widths": (128, 64, 128, 256),
        "generator_learning_rate": 8e-6,
        "epochs": 4600,
    },
    # Small enough to show something on a processor within minutes.
    "light": {
        "generator": "upsampling",
        "generator_widths": (64, 64, 48, 32),
        "discriminator_widths": (32, 64, 128),
    },
}

DEFAULT_PRESET = "light"
