"""A translator configuration's model: its parts, looked up and put together."""

import keras

from tfgan_lab import losses, networks
from tfgan_lab.models import CycleGAN, FusedAdam, LinearDecay, StarGAN, UpdateRule
from tfgan_lab.runs.training.precision import computing_in

LOSSES = {
    "least_squares": losses.LeastSquares,
    "wasserstein": losses.Wasserstein,
    "hinge": losses.Hinge,
    "binary_cross_entropy": losses.BinaryCrossEntropy,
}


def build_translation_model(config, num_domains, num_steps):
    """Builds and compiles the model of a configuration, its weights drawn from the seed.

    Args:
        config: ``TranslationConfig``.
        num_domains: int, of the images.
        num_steps: int, training steps of the whole budget, along which learning rates fall.

    Returns:
        ``CycleGAN`` or ``StarGAN``.
    """
    keras.utils.set_random_seed(config.seed)
    optimizers = [
        FusedAdam(_rate(rate, updates, config), config.beta_1, config.beta_2)
        for rate, updates in [
            (config.generator_learning_rate, num_steps),
            (config.discriminator_learning_rate, num_steps * config.discriminator_steps),
        ]
    ]
    build = _cyclegan if config.model == "cyclegan" else _stargan
    return build(config, num_domains, optimizers)


def _cyclegan(config, num_domains, optimizers):
    with computing_in(config.precision):
        model = CycleGAN(
            [
                networks.residual_translator(**_generator_sizes(config), name=f"translator_{name}")
                for name in ("ab", "ba")
            ],
            [
                networks.patch_discriminator(
                    **_discriminator_sizes(config),
                    patch_size=config.patch_size,
                    name=f"discriminator_{name}",
                )
                for name in ("a", "b")
            ],
            pool_size=config.pool_size,
            seed=config.seed,
            ema_half_life_images=config.ema_half_life_images,
        )
    loss = losses.CycleGANLoss(
        LOSSES[config.adversarial_loss](), config.cycle_weight, config.identity_weight
    )
    model.compile(*optimizers, loss)
    return model


def _stargan(config, num_domains, optimizers):
    with computing_in(config.precision):
        model = StarGAN(
            networks.domain_translator(vector_size=num_domains, **_generator_sizes(config)),
            networks.domain_discriminator(num_labels=num_domains, **_discriminator_sizes(config)),
            num_domains,
            seed=config.seed,
            ema_half_life_images=config.ema_half_life_images,
        )
    penalties = []
    if config.gradient_penalty_weight:
        penalties.append(losses.GradientPenalty(config.gradient_penalty_weight))
    loss = losses.StarGANLoss(
        LOSSES[config.adversarial_loss](), config.classification_weight, config.cycle_weight
    )
    update = UpdateRule(discriminator_steps=config.discriminator_steps)
    model.compile(*optimizers, loss, penalties=penalties, update=update)
    return model


def _generator_sizes(config):
    return {
        "channels": config.channels,
        "width": config.generator_width,
        "num_halvings": config.num_halvings,
        "num_blocks": config.num_blocks,
    }


def _discriminator_sizes(config):
    return {
        "image_size": config.image_size,
        "channels": config.channels,
        "width": config.discriminator_width,
    }


def _rate(rate, num_updates, config):
    falling = round(config.decay_share * num_updates)
    if not falling or not rate:
        return rate
    return LinearDecay(rate, constant_steps=num_updates - falling, decay_steps=falling)
