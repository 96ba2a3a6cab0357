"""A configuration's model: its parts, looked up and put together."""

import keras

from tfgan_lab import networks
from tfgan_lab.models import GAN, ConditionalGAN, FusedAdam
from tfgan_lab.runs.settings import parts
from tfgan_lab.runs.settings.parts import make
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.training.precision import computing_in


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
        "latents": make(parts.LATENTS, config),
        "seed": config.seed,
        "ema_half_life_images": config.ema_half_life_images,
    }
    with computing_in(config.precision):
        if config.conditional:
            model = _conditional(config, num_classes, shared)
        else:
            model = GAN(_generator(config), _discriminator(config), **shared)
    rate = config.generator_learning_rate
    if config.lr_control_target:
        rate = make(parts.ADAPTIVE_RATE, config, initial=rate)
    model.compile(
        generator_optimizer=FusedAdam(rate, config.beta_1, config.beta_2),
        discriminator_optimizer=FusedAdam(
            config.discriminator_learning_rate, config.beta_1, config.beta_2
        ),
        loss=make(parts.LOSSES[config.loss], config),
        penalties=_penalties(config),
        augmenter=_augmenter(config),
        update=make(parts.SCHEDULES[config.schedule], config),
        steps_per_execution=config.steps_per_execution,
    )
    return model


def _conditional(config, num_classes, shared):
    """The model with classes, of the same networks as without."""
    beside_latents = config.generator_conditioning == "concatenation"
    generator = make(
        parts.GENERATOR_CONDITIONINGS[config.generator_conditioning],
        config,
        network=_generator(config, room=num_classes if beside_latents else 0),
        num_classes=num_classes,
    )
    if config.discriminator == "projected":
        discriminator = _discriminator(config, num_classes=num_classes)
    else:
        discriminator = make(
            parts.DISCRIMINATOR_CONDITIONINGS[config.discriminator_conditioning],
            config,
            network=_discriminator(config),
            num_classes=num_classes,
        )
    return ConditionalGAN(
        generator, discriminator, num_classes, class_loss_weight=config.class_loss_weight, **shared
    )


def _generator(config, room=0):
    """The generator, with room for so many further values beside its latents."""
    part = parts.GENERATORS[config.generator]
    return _initialised(part, make(part, config, latent_size=config.latent_size + room), config)


def _discriminator(config, **given):
    part = parts.DISCRIMINATORS[config.discriminator]
    return _initialised(part, make(part, config, **given), config)


def _initialised(part, network, config):
    if config.initial_deviation and "initial_deviation" in part.also:
        networks.draw_normal_weights(network, config.initial_deviation, config.seed)
    return network


def _penalties(config):
    penalties = []
    for weight, part in parts.PENALTIES.items():
        if not getattr(config, weight):
            continue
        penalty = make(part, config)
        if config.penalty_anneal_images and "penalty_anneal_images" in part.also:
            penalty = make(parts.ANNEALED, config, penalty=penalty)
        penalties.append(penalty)
    return penalties


def _augmenter(config):
    if not any(getattr(config, name) for name in parts.DIFF_AUGMENT.settings()):
        return None
    augmenter = make(parts.DIFF_AUGMENT, config)
    if config.ada_target:
        return make(parts.ADAPTIVE_AUGMENT, config, augmenter=augmenter)
    return augmenter
