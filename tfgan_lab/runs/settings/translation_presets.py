"""Presets of translators: named settings that differ from the defaults, as plain data."""

_CYCLEGAN = {
    "model": "cyclegan",
    "adversarial_loss": "least_squares",
    "cycle_weight": 10.0,
    "pool_size": 50,
}

_STARGAN = {
    "model": "stargan",
    "adversarial_loss": "wasserstein",
    "cycle_weight": 10.0,
    "gradient_penalty_weight": 10.0,
    "classification_weight": 1.0,
}

TRANSLATION_PRESETS = {
    # The papers', number for number; days on a processor. Images are resized and mirrored, where
    # CycleGAN's authors resize to a little more and crop at random.
    "cyclegan": _CYCLEGAN
    | {
        "image_size": 256,
        "generator_width": 64,
        "num_blocks": 9,
        "discriminator_width": 64,
        "patch_size": 70,
        "identity_weight": 5.0,
        "batch_size": 1,
        "epochs": 200,
    },
    "stargan": _STARGAN
    | {
        "image_size": 128,
        "generator_width": 64,
        "num_blocks": 6,
        "discriminator_width": 64,
        "generator_learning_rate": 1e-4,
        "discriminator_learning_rate": 1e-4,
        "discriminator_steps": 5,
        "batch_size": 16,
        # The paper's 20 epochs of 200,000 faces have a batch for every discriminator step; here
        # five share one.
        "images": "800k",
    },
    # The same methods with what a processor computes in minutes.
    "small-cyclegan": _CYCLEGAN
    | {
        "image_size": 32,
        "generator_width": 16,
        "num_blocks": 3,
        "discriminator_width": 32,
        "patch_size": 34,
        "identity_weight": 5.0,
        "generator_learning_rate": 5e-4,
        "discriminator_learning_rate": 5e-4,
        "ema_half_life_images": 1000,
        "batch_size": 4,
        "images": "30k",
    },
    "small-stargan": _STARGAN
    | {
        "image_size": 32,
        "generator_width": 16,
        "num_blocks": 3,
        "discriminator_width": 32,
        "generator_learning_rate": 5e-4,
        "discriminator_learning_rate": 5e-4,
        "discriminator_steps": 2,
        "ema_half_life_images": 1000,
        "batch_size": 8,
        "images": "60k",
    },
}
