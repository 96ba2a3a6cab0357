"""Presets: named settings that differ from the defaults, as plain data."""

# R0's settings, shared by its two generators: two alternating rounds on one batch of both, the
# opponent in inference mode, labels with noise, pixels in [0, 1].
_R0 = {
    "image_size": 64,
    "batch_size": 32,
    "latent_size": 128,
    "discriminator_widths": (64, 128, 128),
    "discriminator_dropout": 0.2,
    "pixel_range": (0, 1),
    "label_noise": 0.05,
    "mean_over_halves": True,
    "discriminator_learning_rate": 1e-6,
    "beta_1": 0.9,
    "opponent_in_training_mode": False,
    "concatenate_batches": True,
    "ema_half_life_images": 0,
    "snapshot_every": 100,
}

# The report names neither widths nor Adam's moments: DCGAN's. It tries kernels 4, 6 and 8.
_R2 = {
    "image_size": 64,
    "batch_size": 128,
    "latent_size": 128,
    "generator": "dcgan",
    "generator_widths": (512, 256, 128, 64),
    "generator_slope": 0.2,
    "discriminator": "dcgan",
    "discriminator_widths": (64, 128, 256, 512),
    "discriminator_dropout": 0.0,
    "discriminator_slope": 0.2,
    "kernel_size": 4,
    "generator_learning_rate": 2e-4,
    "discriminator_learning_rate": 2e-4,
    "beta_1": 0.5,
    "beta_2": 0.999,
    "ema_half_life_images": 0,
    "augment_flip": False,
    "augment_zoom": 0.0,
    "augment_rotation": 0.0,
    "epochs": 10,
}

# R4's pair for 28 pixels. One step with two tapes updates both networks. Adam's moments and the
# slopes are Keras' own, for the report names none.
_R4 = {
    "image_size": 28,
    "channels": 1,
    "batch_size": 256,
    "latent_size": 100,
    "generator": "dcgan",
    "generator_widths": (256, 128, 64),
    "first_stride": 1,
    "generator_slope": 0.3,
    "discriminator": "dcgan",
    "discriminator_widths": (64, 128),
    "batch_norm": False,
    "discriminator_dropout": 0.3,
    "discriminator_slope": 0.3,
    "kernel_size": 5,
    "generator_learning_rate": 1e-4,
    "discriminator_learning_rate": 1e-4,
    "beta_1": 0.9,
    "beta_2": 0.999,
    "schedule": "simultaneous",
    "ema_half_life_images": 0,
    "augment_flip": False,
    "augment_zoom": 0.0,
    "augment_rotation": 0.0,
    "epochs": 50,
    "checkpoint_every": 15,
}

PRESETS = {
    # One of the next two, by the images: see small_data.py.
    "small-data": {},
    # Small discriminators on features of a network that knows ImageNet. What it leaves out here is
    # chosen from the images: see projected_recipe.py.
    "projected": {
        "generator": "light",
        "discriminator": "projected",
        "discriminator_widths": (64,),
        "latent_size": 256,
        "latent_distribution": "sphere",
        "loss": "hinge",
        "schedule": "simultaneous",
        "batch_size": 16,
        "generator_learning_rate": 2e-4,
        "discriminator_learning_rate": 2e-4,
        "beta_1": 0.0,
        "beta_2": 0.99,
        "augment_zoom": 0.0,
        "augment_rotation": 0.0,
        "diff_augment_translation": 0.125,
        "diff_augment_cutout": 0.5,
        "ema_half_life_images": 20_000,
        "evaluate_every": 4_000,
    },
    # Networks that have seen nothing but these images. The rest: see from_scratch.py.
    "from-scratch": {
        "generator": "residual",
        "discriminator": "residual",
        "latent_size": 64,
        "batch_size": 8,
        "loss": "relativistic_pairing",
        "concatenate_batches": True,
        "beta_1": 0.0,
        "beta_2": 0.99,
    },
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
    # R0's kind of networks, small, with what the field has learned since about their optimisers.
    "light": {
        "generator": "upsampling",
        "generator_widths": (64, 64, 48, 32),
        "discriminator_widths": (32, 64, 128),
    },
    # The report names neither widths, kernel nor batch: DCGAN's, and a batch for 300 images.
    "r1": {
        "image_size": 64,
        "batch_size": 32,
        "latent_size": 100,
        "generator": "dcgan",
        "generator_widths": (512, 256, 128, 64),
        "generator_slope": 0.0,
        "discriminator": "dcgan",
        "discriminator_widths": (64, 128, 256, 512),
        "discriminator_dropout": 0.0,
        "discriminator_slope": 0.2,
        "kernel_size": 4,
        "initial_deviation": 0.02,
        "real_label": 0.8,
        "fake_label": 0.1,
        "generator_label": 0.8,
        "generator_learning_rate": 2e-4,
        "discriminator_learning_rate": 2e-4,
        "beta_1": 0.5,
        "beta_2": 0.999,
        "ema_half_life_images": 0,
        "augment_flip": False,
        "augment_zoom": 0.0,
        "augment_rotation": 0.0,
        "epochs": 400,
    },
    "r2": _R2,
    # Class beside the latents and beside the discriminator's last features, with several dense
    # layers, LeakyReLU and dropout behind; the generator with ReLU. The report names neither widths
    # nor rates.
    "r2-conditional": _R2
    | {
        "conditional": True,
        "generator_conditioning": "concatenation",
        "generator_slope": 0.0,
        "discriminator_conditioning": "concatenation",
        "class_widths": (512, 128),
        "class_dropout": 0.3,
        "epochs": 20,
    },
    # Mirrored copies of all images are half of the images mirrored at random. Slopes are
    # Keras' own, which the report's networks had; it names no batch.
    "r3": {
        "image_size": 64,
        "channels": 1,
        "batch_size": 32,
        "latent_size": 100,
        "generator": "dcgan",
        "generator_widths": (256, 128, 64, 32),
        "first_stride": 1,
        "generator_slope": 0.3,
        "discriminator": "dcgan",
        "discriminator_widths": (64, 128),
        "batch_norm": False,
        "discriminator_dropout": 0.3,
        "discriminator_slope": 0.3,
        "kernel_size": 5,
        "generator_learning_rate": 2e-4,
        "discriminator_learning_rate": 2e-4,
        "beta_1": 0.5,
        "beta_2": 0.999,
        "ema_half_life_images": 0,
        "augment_flip": True,
        "augment_zoom": 0.0,
        "augment_rotation": 0.0,
        "epochs": 1000,
    },
    "r4": _R4,
    # The report leaves open how. With its batch and rates, and the class beside the discriminator's
    # features, the label is ignored after ten epochs: this discriminator is soon too sure.
    "r4-conditional": _R4
    | {
        "conditional": True,
        "generator_conditioning": "concatenation",
        "discriminator_conditioning": "projection",
        "batch_size": 64,
        "generator_learning_rate": 2e-4,
        "discriminator_learning_rate": 2e-4,
        "beta_1": 0.5,
    },
}

DEFAULT_PRESET = "small-data"
