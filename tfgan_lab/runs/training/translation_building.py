"""A translator configuration's model: its parts, looked up and put together."""

import keras

from tfgan_lab.models import FusedAdam, LinearDecay, UpdateRule
from tfgan_lab.runs.settings import parts
from tfgan_lab.runs.settings.parts import make
from tfgan_lab.runs.training.precision import computing_in


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
    with computing_in(config.precision):
        model, others = build(config, parts.TRANSLATORS[config.model], num_domains)
    adversarial = make(parts.TRANSLATION_LOSSES[config.adversarial_loss], config)
    loss = make(parts.TRANSLATORS[config.model].others["loss"], config, adversarial=adversarial)
    model.compile(*optimizers, loss, **others)
    return model


def _cyclegan(config, part, num_domains):
    translators = [
        make(part.others["generator"], config, name=f"translator_{name}") for name in ("ab", "ba")
    ]
    discriminators = [
        make(part.others["discriminator"], config, name=f"discriminator_{name}")
        for name in ("a", "b")
    ]
    return make(part, config, translators=translators, discriminators=discriminators), {}


def _stargan(config, part, num_domains):
    model = make(
        part,
        config,
        generator=make(part.others["generator"], config, vector_size=num_domains),
        discriminator=make(part.others["discriminator"], config, num_labels=num_domains),
        label_sets=num_domains,
    )
    penalties = []
    if config.gradient_penalty_weight:
        penalties.append(make(parts.GRADIENT_PENALTY, config))
    update = UpdateRule(discriminator_steps=config.discriminator_steps)
    return model, {"penalties": penalties, "update": update}


def _rate(rate, num_updates, config):
    falling = round(config.decay_share * num_updates)
    if not falling or not rate:
        return rate
    return LinearDecay(rate, constant_steps=num_updates - falling, decay_steps=falling)
