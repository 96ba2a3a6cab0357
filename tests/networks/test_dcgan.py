import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.networks import dcgan_discriminator, dcgan_generator, draw_normal_weights


def kinds(model):
    return [type(layer).__name__ for layer in model.layers]


def test_report_r1_number_for_number():
    generator, discriminator = dcgan_generator(), dcgan_discriminator()
    assert isinstance(generator, keras.Sequential) and isinstance(discriminator, keras.Sequential)
    block = ["BatchNormalization", "LeakyReLU", "TransposedConv2D"]
    assert kinds(generator) == ["Dense", "Reshape", *block * 4, "Activation"]
    assert all(layer.negative_slope == 0 for layer in generator.layers if "leaky" in layer.name)
    # 100*16*512; 512*256*16, 256*128*16, 128*64*16, 64*3*16; 4 numbers a channel of batch norm.
    assert generator.count_params() == 819200 + 2097152 + 524288 + 131072 + 3072 + 4 * 960
    assert generator.layers[-1].activation.__name__ == "tanh"

    first, inner = ["Conv2D", "LeakyReLU"], ["Conv2D", "BatchNormalization", "LeakyReLU"]
    assert kinds(discriminator) == [*first, *inner * 3, "Flatten", "Dense"]
    assert [layer.use_bias for layer in discriminator.layers if hasattr(layer, "filters")] == [
        True,
        False,
        False,
        False,
    ]


def test_report_r3_number_for_number():
    generator = dcgan_generator(
        channels=1, widths=(256, 128, 64, 32), kernel_size=5, first_stride=1, negative_slope=0.3
    )
    assert kinds(generator)[:4] == ["Dense", "BatchNormalization", "LeakyReLU", "Reshape"]
    assert generator.layers[0].units == 8 * 8 * 256 and not generator.layers[0].use_bias
    transposed = [layer for layer in generator.layers if hasattr(layer, "filters")]
    assert [layer.filters for layer in transposed] == [128, 64, 32, 1]
    assert [layer.strides[0] for layer in transposed] == [1, 2, 2, 2]
    assert {layer.kernel_size for layer in transposed} == {(5, 5)}
    assert not any(layer.use_bias for layer in transposed)
    assert generator.output_shape == (None, 64, 64, 1)

    discriminator = dcgan_discriminator(
        channels=1, widths=(64, 128), kernel_size=5, batch_norm=False, dropout=0.3
    )
    assert kinds(discriminator) == [*["Conv2D", "LeakyReLU", "Dropout"] * 2, "Flatten", "Dense"]
    # 25*64+64, 25*64*128+128, 16*16*128+1.
    assert discriminator.count_params() == 1664 + 204928 + 32769


@pytest.mark.parametrize(
    ("image_size", "widths", "first_stride"),
    [(28, (8, 8, 4), 1), (28, (8, 4), 2), (32, (8, 4), 1), (64, (8, 4, 4, 4), 2)],
)
def test_shapes_and_round_trip(image_size, widths, first_stride, tmp_path):
    generator = dcgan_generator(
        image_size=image_size, channels=1, latent_size=5, widths=widths, first_stride=first_stride
    )
    latents = tf.random.stateless_normal((3, 5), (0, 0))
    images = generator(latents)
    assert images.shape == (3, image_size, image_size, 1)
    generator.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again(latents), images)
    discriminator = dcgan_discriminator(image_size=image_size, channels=1, widths=(4, 4))
    assert discriminator(images).shape == (3, 1)


@pytest.mark.parametrize(
    ("builder", "arguments", "message"),
    [
        (dcgan_generator, {"image_size": 20}, "divisible by 16. Received: image_size=20"),
        (dcgan_generator, {"widths": (8,)}, "two widths or more"),
        (dcgan_generator, {"first_stride": 3}, "Expected first_stride 1 or 2.*first_stride=3"),
        (dcgan_discriminator, {"image_size": 20}, "Received: image_size=20"),
        (dcgan_discriminator, {"widths": ()}, "at least one width"),
    ],
)
def test_refuses(builder, arguments, message):
    with pytest.raises(ValueError, match=message):
        builder(**arguments)


def test_normal_weights_have_their_moments():
    network = dcgan_generator(image_size=16, latent_size=100, widths=(256, 64))
    dense, transposed = network.layers[0], network.layers[4]
    norm = network.layers[2]
    dense.kernel.assign(5 + dense.kernel)
    norm.beta.assign(1 + norm.beta)
    draw_normal_weights(network, deviation=0.02, seed=3)
    for layer in (dense, transposed):
        kernel = layer.kernel.numpy()
        # 5 standard errors of mean and deviation.
        assert abs(kernel.mean()) < 5 * 0.02 / np.sqrt(kernel.size)
        assert abs(kernel.std() - 0.02) < 5 * 0.02 / np.sqrt(2 * kernel.size)
    assert abs(norm.gamma.numpy().mean() - 1) < 5 * 0.02 / 16
    assert 0.015 < norm.gamma.numpy().std() < 0.025
    np.testing.assert_array_equal(norm.beta, 0)


def test_normal_weights_follow_the_seed():
    networks = [dcgan_generator(image_size=16, latent_size=4, widths=(4, 4)) for _ in range(3)]
    for network, seed in zip(networks, (1, 1, 2), strict=True):
        draw_normal_weights(network, seed=seed)
    first, same, other = (network.layers[0].kernel.numpy() for network in networks)
    np.testing.assert_array_equal(first, same)
    assert np.abs(first - other).max() > 0.01
    with pytest.raises(ValueError, match="Expected deviation above 0. Received: deviation=0"):
        draw_normal_weights(networks[0], deviation=0)
