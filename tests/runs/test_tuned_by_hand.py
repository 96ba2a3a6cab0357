"""What report R2 tuned by hand: every flag can be swept, and changes what is trained."""

import numpy as np
import pytest

from tests.runs.tiny import TINY
from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.sweep.sweep_axes import parse_axis
from tfgan_lab.runs.sweep.sweeping import plan_sweep
from tfgan_lab.runs.training.latent_building import build_model
from tfgan_lab.runs.training.run_images import load_images

DCGAN = TINY | {
    "preset": "r2",
    "image_size": 32,
    "generator_widths": (4, 4, 4),
    "discriminator_widths": (4, 4),
}
RESIDUAL = TINY | {
    "preset": "from-scratch",
    "generator_widths": (4, 4, 4),
    "discriminator_widths": (4, 4, 4),
    "precision": "float32",
}


def trained(config):
    """Weights after two steps, the discriminator's and the generator's."""
    model = build_model(config)
    images = load_images(config)
    for batch in images.dataset().take(2):
        model.train_step(batch)
    return [network.get_weights() for network in (model.discriminator, model.generator)]


def moved(one, other):
    """Whether two networks' weights differ, in shape or value."""
    if [weight.shape for weight in one] != [weight.shape for weight in other]:
        return True
    return any(not np.array_equal(*weights) for weights in zip(one, other, strict=True))


# The report's words; what is varied, its first value being as in the report's network; what else
# is set; and which networks the setting itself is of.
TUNED = {
    "the discriminator's learning rate": ("discriminator_learning_rate=2e-4,1e-4", DCGAN, "d"),
    "the generator's learning rate": ("generator_learning_rate=2e-4,1e-4", DCGAN, "g"),
    "LeakyReLU slope, discriminator": ("discriminator_slope=0.2,0.1", DCGAN, "d"),
    "LeakyReLU slope, generator": ("generator_slope=0.2,0.1", DCGAN, "g"),
    "ReLU, generator": ("generator_slope=0.2,0", DCGAN, "g"),
    "ReLU, discriminator": ("discriminator_slope=0.2,0", DCGAN, "d"),
    "number of layers, discriminator": ("discriminator_widths=4x4,4x4x4", DCGAN, "d"),
    "number of layers, generator": ("generator_widths=4x4x4,4x4x4x4", DCGAN, "g"),
    "width, discriminator": ("discriminator_widths=4x4,8x4", DCGAN, "d"),
    "width, generator": ("generator_widths=4x4x4,8x4x4", DCGAN, "g"),
    "kernel size": ("kernel_size=4,6,8", DCGAN, "dg"),
    "mix of layers": ("generator=dcgan,upsampling,transposed", DCGAN, "g"),
    "mean squared error": ("loss=binary_cross_entropy,least_squares", DCGAN, "d"),
    "label smoothing": ("real_label=1,0.9", DCGAN, "d"),
}


@pytest.mark.parametrize("what", TUNED)
def test_every_value_of_the_sweep_trains_other_weights(what, tmp_path):
    vary, shared, networks = TUNED[what]
    cells = plan_sweep(shared | {"run_dir": str(tmp_path)}, [parse_axis(vary)])
    discriminators, generators = zip(*(trained(cell.config) for cell in cells), strict=True)
    for letter, trainings in (("d", discriminators), ("g", generators)):
        if letter in networks:
            assert all(moved(trainings[0], other) for other in trainings[1:])


def test_rates_are_of_one_network_alone():
    """In one forward pass, so that the generator's gradient knows nothing of the other's step."""
    shared = DCGAN | {"schedule": "simultaneous", "discriminator_learning_rate": 1e-4}
    one, other = (
        trained_once(RunConfig.from_preset(**shared, generator_learning_rate=rate))
        for rate in (1e-4, 3e-4)
    )
    assert not moved(one[0], other[0]) and moved(one[1], other[1])


def trained_once(config):
    model = build_model(config)
    model.train_step(next(iter(load_images(config).dataset())))
    return [
        [weight.numpy() for weight in network.trainable_weights]
        for network in (model.discriminator, model.generator)
    ]
