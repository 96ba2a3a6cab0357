"""A configuration's model: its parts, looked up and put together."""

import keras

from tfgan_lab import latents, layers, losses, networks
from tfgan_lab.models import GAN, AdaptiveRate, ConditionalGAN, FusedAdam, UpdateRule
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.training.precision import computing_in

LOSSES = {
    "least_squares": losses.LeastSquares,
    "hinge": losses.Hinge,
    "wasserstein": losses.Wasserstein,
    "relativistic_average": losses.RelativisticAverage,
    "relativistic_pairing": losses.RelativisticPairing,
}


def build_model(config: RunConfig, num_classes=0) -> GAN | ConditionalGAN:
    """Builds and compiles the model of a configuration, its weights drawn from the seed.

    Args:
        config: ``RunConfig``.
        num_classes: int, of the images; only looked at with ``config.conditional``.

    Raises:
        ConfigError: a conditional model of fewer than two classes.
    """
    if config.conditional and num_classes < 2:
        raise ConfigError(
            f"Expected images of 2 classes or more with --conditional. Received: {num_classes}"
        )
    keras.utils.set_random_seed(config.seed)
    shared = {
        "latents": latents.distribution(config.latent_distribution, config.latent_size),
        "seed": config.seed,
        "ema_half_life_images": config.ema_half_life_images,
    }
    with computing_in(config.precision):
        if config.conditional:
            model = _conditional(config, num_classes, shared)
        else:
            model = GAN(_generator(config), _discriminator(config), **shared)
    model.compile(
        generator_optimizer=FusedAdam(_generator_rate(config), config.beta_1, config.beta_2),
        discriminator_optimizer=FusedAdam(
            config.discriminator_learning_rate, config.beta_1, config.beta_2
        ),
        loss=_loss(config),
        penalties=_penalties(config),
        augmenter=_augmenter(config),
        update=UpdateRule(
            schedule="simultaneous"
            if config.single_pass
            else "shared_fakes"
            if config.reused_images
            else "alternating",
            discriminator_steps=config.discriminator_steps,
            opponent_in_training_mode=config.opponent_training,
            concatenate_batches=config.joint_batch,
            shared_gradients=config.shared_gradients,
        ),
        steps_per_execution=config.steps_per_execution,
    )
    return model


def _conditional(config, num_classes, shared):
    """The model with classes, of the same networks as without."""
    method, label_size = config.generator_conditioning, config.label_size or None
    room = (label_size or num_classes) if method == "concatenation" else 0
    generator = networks.conditional_generator(
        _generator(config, room), num_classes, method=method, label_size=label_size
    )
    if config.discriminator == "projected":
        discriminator = _discriminator(config, num_classes)
    else:
        discriminator = networks.conditional_discriminator(
            _discriminator(config),
            num_classes,
            method=config.discriminator_conditioning,
            hidden=config.class_widths,
            dropout=config.class_dropout,
        )
    return ConditionalGAN(
        generator,
        discriminator,
        num_classes,
        class_loss_weight=config.class_loss_weight,
        **shared,
    )


def _generator(config, room=0):
    """The generator, with room for so many further values beside its latents."""
    shared = {
        "image_size": config.image_size,
        "channels": config.channels,
        "latent_size": config.latent_size + room,
        "widths": config.generator_widths,
    }
    own = {
        "transposed": ["kernel_size", "pixel_range"],
        "upsampling": ["pixel_range"],
        "dcgan": ["kernel_size", "first_stride"],
        "residual": ["blocks_per_size"],
        "light": [],
    }[config.generator]
    if config.generator != "light":
        shared["negative_slope"] = config.generator_slope
    build = getattr(networks, f"{config.generator}_generator")
    return _initialised(build(**shared, **{name: getattr(config, name) for name in own}), config)


def _discriminator(config, num_classes=0):
    """The discriminator; a projected one is told the class where there are any."""
    shared = {
        "widths": config.discriminator_widths,
        "negative_slope": config.discriminator_slope,
    }
    if config.discriminator == "projected":
        features = networks.projected_features(
            image_size=config.image_size,
            channels=config.channels,
            shown_size=config.feature_size or None,
        )
        return networks.projected_discriminator(
            features, widths=config.discriminator_widths, num_classes=num_classes
        )
    shared |= {"image_size": config.image_size, "channels": config.channels}
    own = {
        "convolutional": ["kernel_size", "pixel_range"],
        "dcgan": ["kernel_size", "batch_norm"],
        "residual": ["blocks_per_size", "minibatch_stddev", "spectral_norm"],
    }[config.discriminator]
    if config.discriminator != "residual":
        shared["dropout"] = config.discriminator_dropout
    build = getattr(networks, f"{config.discriminator}_discriminator")
    return _initialised(build(**shared, **{name: getattr(config, name) for name in own}), config)


def _initialised(network, config):
    if config.initial_deviation:
        networks.draw_normal_weights(network, config.initial_deviation, config.seed)
    return network


def _generator_rate(config):
    if not config.lr_control_target:
        return config.generator_learning_rate
    return AdaptiveRate(
        config.generator_learning_rate, config.lr_control_target, config.lr_control_images
    )


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
    for gamma, exact, approximate in [
        (config.r1_gamma, losses.R1, losses.ApproximateR1),
        (config.r2_gamma, losses.R2, losses.ApproximateR2),
    ]:
        if gamma and config.approximate_sigma:
            penalties.append(approximate(gamma, config.approximate_sigma, share, interval))
        elif gamma:
            penalties.append(exact(gamma, share, interval))
    if config.penalty_anneal_images:
        penalties = [
            losses.AnnealedPenalty(each, config.penalty_anneal_images) for each in penalties
        ]
    if config.gradient_penalty_weight:
        penalties.append(
            losses.GradientPenalty(
                config.gradient_penalty_weight, one_sided=config.gradient_penalty_one_sided
            )
        )
    if config.dragan_weight:
        penalties.append(losses.DRAGAN(config.dragan_weight))
    if config.lecam_weight:
        penalties.append(losses.LeCam(config.lecam_weight))
    if config.consistency_weight:
        shifts = layers.DiffAugment(0, 0, 0, translation=0.125, cutout=0)
        penalties.append(losses.Consistency(shifts, config.consistency_weight))
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
    if not any(strengths):
        return None
    augmenter = layers.DiffAugment(*strengths)
    if config.ada_target:
        return layers.AdaptiveAugment(augmenter, config.ada_target, config.ada_images)
    return augmenter
