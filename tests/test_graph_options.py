import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tfgan_lab.data import ImageSet
from tfgan_lab.graph_options import without_remapper
from tfgan_lab.latents import invert


def remapping():
    return tf.config.optimizer.get_experimental_options().get("remapping", True)


def test_the_option_comes_back_whatever_happens():
    before = remapping()
    with pytest.raises(RuntimeError, match="broken"), without_remapper():
        assert not remapping()
        raise RuntimeError("broken")
    assert remapping() == before


def test_training_is_quiet(capfd):
    """This discriminator's gradients are what TensorFlow's remapper fails on, and says so."""
    gan = tgl.GAN(
        tgl.networks.dcgan_generator(image_size=16, latent_size=4, widths=(4, 4)),
        tgl.networks.dcgan_discriminator(image_size=16, widths=(4, 4)),
        seed=1,
    )
    gan.compile(loss=tgl.losses.BinaryCrossEntropy())
    pixels = np.random.default_rng(0).integers(0, 256, (8, 16, 16, 3)).astype(np.uint8)
    gan.fit(ImageSet(pixels, batch_size=8, seed=0), verbose=0)
    assert "remapper" not in capfd.readouterr().err


def test_inversion_is_quiet(capfd):
    network = tgl.networks.residual_generator(image_size=8, latent_size=4, widths=(4, 4))
    invert(network, np.zeros((2, 8, 8, 3), np.float32), steps=3, bank=8, starts=2)
    assert "remapper" not in capfd.readouterr().err
