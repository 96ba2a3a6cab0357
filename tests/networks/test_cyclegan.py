import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.networks import patch_discriminator, residual_translator
from tfgan_lab.networks.cyclegan import instance_norm


def images(*shape, seed=0):
    return tf.random.stateless_uniform(shape, (seed, 1), -1, 1)


def test_instance_norm_by_hand():
    # 1, 3, 5, 7: mean 4, variance 5; another image and a constant channel change nothing.
    first = np.stack([[1, 3, 5, 7], [2, 2, 2, 2]], axis=-1).reshape(1, 2, 2, 2)
    outputs = instance_norm()(np.concatenate([first, 100 * first]).astype(np.float32)).numpy()
    expected = np.array([-3, -1, 1, 3]) / np.sqrt(5)
    for image in outputs:
        np.testing.assert_allclose(image[..., 0].ravel(), expected, atol=1e-5)
        np.testing.assert_allclose(image[..., 1], 0, atol=1e-5)


def test_networks_have_the_published_parameters():
    # The published networks at 256 pixels: 11.378 and 2.765 million.
    halving = 7 * 7 * 3 * 64 + 64 + 9 * (64 * 128 + 128 * 256) + 128 + 256
    blocks = 9 * 2 * (9 * 256 * 256 + 256)
    doubling = 9 * (256 * 128 + 128 * 64) + 128 + 64 + 7 * 7 * 64 * 3 + 3
    assert residual_translator().count_params() == halving + blocks + doubling == 11_378_179
    convolutions = 16 * (3 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 512)
    judge = patch_discriminator()
    assert judge.count_params() == convolutions + 64 + 128 + 256 + 512 + 1 == 2_764_737
    assert judge.output_shape == (None, 30, 30, 1)


@pytest.mark.parametrize("patch_size", [16, 34, 70])
def test_a_logit_sees_a_patch_of_that_size(patch_size):
    # Without instance norm, which looks at the whole image.
    judge = patch_discriminator(image_size=128, channels=1, width=2, patch_size=patch_size)
    kept = [layer for layer in judge.layers if "normalization" not in layer.name]
    judge = keras.Sequential([keras.Input((128, 128, 1)), *kept])
    batch = tf.Variable(images(1, 128, 128, 1))
    with tf.GradientTape() as tape:
        logits = judge(batch)
        middle = logits[0, logits.shape[1] // 2, logits.shape[2] // 2, 0]
    seen = np.abs(tape.gradient(middle, batch).numpy()[0, :, :, 0]) > 0
    for axis in (0, 1):
        places = np.flatnonzero(seen.any(axis=axis))
        assert places[-1] - places[0] + 1 == patch_size


def test_two_networks_of_a_builder_begin_differently():
    # An initialiser that is used twice draws the same twice.
    one, other = (residual_translator(width=4, num_blocks=2) for _ in range(2))
    kernels = [w.numpy().ravel() for w in [*one.weights, *other.weights] if w.ndim == 4]
    assert len({kernel[:10].tobytes() for kernel in kernels}) == len(kernels)
    for kernel in kernels:
        # The error of a deviation from n values is 1 / sqrt(2 n) of it.
        assert kernel.std() == pytest.approx(0.02, rel=4 / np.sqrt(2 * kernel.size))


def test_discriminator_faults():
    with pytest.raises(ValueError, match="Expected patch_size 16, 34, 70, 142 or 286"):
        patch_discriminator(patch_size=64)
    with pytest.raises(
        ValueError, match="Expected image_size from 24 for patch_size=70; a smaller"
    ):
        patch_discriminator(image_size=16)
