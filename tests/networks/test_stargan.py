import pytest

from tfgan_lab.networks import domain_discriminator, domain_translator


def test_networks_have_the_published_parameters():
    # Table 4 and 5 at 128 pixels with 5 labels; instance norm has a scale and a shift.
    norms = 2 * (64 + 128 + 256 + 6 * 2 * 256 + 128 + 64)
    halving = 49 * (3 + 5) * 64 + 16 * (64 * 128 + 128 * 256)
    blocks = 6 * 2 * 9 * 256 * 256
    doubling = 16 * (256 * 128 + 128 * 64) + 49 * 64 * 3
    translator = domain_translator(vector_size=5)
    assert translator.count_params() == halving + blocks + doubling + norms
    widths = [3, 64, 128, 256, 512, 1024, 2048]
    convolutions = sum(
        16 * before * after + after for before, after in zip(widths, widths[1:], strict=False)
    )
    judge = domain_discriminator(num_labels=5)
    assert judge.count_params() == convolutions + 9 * 2048 + 4 * 2048 * 5
    assert judge.output_shape == [(None, 2, 2, 1), (None, 5)]


def test_discriminator_faults():
    with pytest.raises(ValueError, match="Expected image_size to be divisible"):
        domain_discriminator(num_labels=2, image_size=20, num_halvings=3)
