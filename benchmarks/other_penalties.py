"""Penalties that no setting names, in the place of those of a configuration."""

from tfgan_lab import losses


def with_penalties(model, penalties):
    """Compiles a model again, with other penalties and the rest as it is.

    Args:
        model: a compiled ``GAN``, untrained.
        penalties: list of ``losses.Penalty``.
    """
    optimizers = [
        each.from_config(each.get_config())
        for each in (model.generator_optimizer, model.discriminator_optimizer)
    ]
    model.compile(
        *optimizers,
        loss=model.adversarial_loss,
        penalties=penalties,
        augmenter=model.augmenter,
        update=model.update,
    )
    return model


def approximate_penalties(config, sigma=0.01) -> list:
    """R1 and R2 of a configuration, taken from finite differences.

    Args:
        config: ``RunConfig``.
        sigma: displacement of the pixels.
    """
    return [
        losses.AnnealedPenalty(
            kind(gamma, sigma, config.penalty_share), config.penalty_anneal_images
        )
        for kind, gamma in [
            (losses.ApproximateR1, config.r1_gamma),
            (losses.ApproximateR2, config.r2_gamma),
        ]
    ]
