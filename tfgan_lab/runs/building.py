"""A configuration's model: its parts, looked up and put together."""

import keras

from tfgan_lab import latents, layers, losses, networks
from tfgan_lab.models import GAN, UpdateRule
from tfgan_lab.runs.config import RunConfig

LOSSES = {
    "least_squares": losses.LeastSquares,
    "hinge": losses.Hinge,
    "wasserstein": losses.Wasserstein,
    "relativistic_average": losses.RelativisticAverage,
    "relativistic_pairing": losses.RelativisticPairing,
}


def build_model(config: RunConfig) -> GAN:
    """Builds and compiles the model of a configuration, its weights drawn from the seed."""
    keras.utils.set_random_seed(config.seed)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(config.precision)
    try:
        generator, discriminator = _generator(config), _discriminator(config)
    finally:
        keras.config.set_dtype_policy(policy)
    model = GAN(
        generator,
        discriminator,
        latents=latents.Normal(config.latent_size),
        seed=config.seed,
        ema_half_life_images=config.ema_half_life_images,
    )
    model.compile(
        generator_optimizer=keras.optimizers.Adam(
            config.generator_learning_rate, config.beta_1, config.beta_2
        ),
        discriminator_optimizer=keras.optimizers.Adam(
            config.discriminator_learning_rate, config.beta_1, config.beta_2
        ),
        loss=_loss(config),
        penalties=_penalties(config),
        augmenter=_augmenter(config),
        update=UpdateRule(
            single_pass=config.single_pass,
            discriminator_steps=config.discriminator_steps,
            opponent_training=config.opponent_training,
            joint_batch=config.joint_batch,
        ),
        steps_per_execution=config.steps_per_execution,
    )
    return model


def _generator(config):
    shared = _shared(config) | {
        "latent_size": config.latent_size,
        "widths": config.generator_widths,
    }
    if config.generator == "residual":
        return networks.residual_generator(**shared)
    builders = {
        "transposed": networks.transposed_generator,
        "upsampling": networks.upsampling_generator,
    }
    return builders[config.generator](pixel_range=config.pixel_range, **shared)


def _discriminator(config):
    shared = _shared(config) | {"widths": config.discriminator_widths}
    if config.discriminator == "residual":
        return networks.residual_discriminator(**shared)
    return networks.convolutional_discriminator(
        dropout=config.discriminator_dropout, pixel_range=config.pixel_range, **shared
    )


def _shared(config):
    return {
        "image_size": config.image_size,
        "channels": config.channels,
        "negative_slope": config.negative_slope,
    }


def _loss(config):
    if config.loss != "binary_cross_entropy":
        return LOSSES[config.loss]()
    return losses.BinaryCrossEntropy(
        real_label=config.real_label,
        fake_label=config.fake_label,
        generator_label=config.generator_label,
        label_noise=config.label_noise,
        saturating=config.saturating,
        mean_over_halves=config.mean_over_halves,
    )


def _penalties(config):
    share, interval = config.penalty_share, config.penalty_interval
    penalties = []
    if config.r1_gamma:
        penalties.append(losses.R1(config.r1_gamma, share, interval))
    if config.r2_gamma:
        penalties.append(losses.R2(config.r2_gamma, share, interval))
    if config.gradient_penalty_weight:
        penalties.append(losses.GradientPenalty(config.gradient_penalty_weight))
    if config.dragan_weight:
        penalties.append(losses.DRAGAN(config.dragan_weight))
    return penalties


def _augmenter(config):
    colour = config.diff_augment_colour
    strengths = (
        0.5 * colour,
        1.0 * colour,
        0.5 * colour,
        config.diff_augment_translation,
        config.diff_augment_cutout,
    )
    return layers.DiffAugment(*strengths) if any(strengths) else None
