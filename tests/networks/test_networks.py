import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.networks import (
    convolutional_discriminator,
    residual_discriminator,
    residual_generator,
    transposed_generator,
    upsampling_generator,
)
from tfgan_lab.networks.sizes import residual_sides, residual_widths

BUILDERS = [transposed_generator, upsampling_generator, convolutional_discriminator]


def kinds(model):
    return [type(layer).__name__ for layer in model.layers]


def test_report_r0_discriminator_number_for_number():
    model = convolutional_discriminator()
    assert isinstance(model, keras.Sequential)
    block = ["Conv2D", "BatchNormalization", "LeakyReLU"]
    assert kinds(model) == ["Rescaling", *block * 3, "Flatten", "Dropout", "Dense"]
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    assert [layer.filters for layer in convolutions] == [64, 128, 128]
    assert {(layer.kernel_size, layer.strides, layer.padding) for layer in convolutions} == {
        ((4, 4), (2, 2), "same")
    }
    slopes = [layer.negative_slope for layer in model.layers if hasattr(layer, "negative_slope")]
    assert slopes == pytest.approx([0.2] * 3)
    assert model.layers[-2].rate == 0.2
    # 3*64*16+64, 64*128*16+128, 128*128*16+128, 4 numbers a channel of batch norm, 8192+1.
    assert model.count_params() == 3136 + 131200 + 262272 + 4 * 320 + 8193


def test_report_r0_generators_number_for_number():
    transposed = transposed_generator()
    block = ["TransposedConv2D", "LeakyReLU"]
    ending = ["Conv2D", "Activation", "Rescaling"]
    assert kinds(transposed) == ["Dense", "Reshape", *block * 3, *ending]
    assert transposed.layers[0].units == 8192
    assert transposed.layers[1].target_shape == (8, 8, 128)
    # Dense; 128*128*16+128, 128*256*16+256, 256*512*16+512; 512*3*25+3.
    assert transposed.count_params() == 129 * 8192 + 262272 + 524544 + 2097664 + 38403

    upsampling = upsampling_generator()
    block = ["UpSampling2D", *["Conv2D", "BatchNormalization", "LeakyReLU"] * 2]
    assert kinds(upsampling) == ["Dense", "Reshape", *block * 3, *ending]
    convolutions = 9 * (128 * 64 + 64 * 64 + 64 * 128 + 128 * 128 + 128 * 256 + 256 * 256)
    assert upsampling.count_params() == (
        129 * 8192 + convolutions + 2 * (64 + 128 + 256) * 5 + 256 * 3 * 25 + 3
    )
    for model in (transposed, upsampling):
        assert isinstance(model, keras.Sequential)
        assert model.layers[-2].activation.__name__ == "sigmoid"


@pytest.mark.parametrize("image_size", [16, 24, 32, 64])
@pytest.mark.parametrize("channels", [1, 3])
def test_shapes(image_size, channels):
    shared = {"image_size": image_size, "channels": channels}
    latents = tf.random.stateless_normal((2, 6), (0, 0))
    for builder in (transposed_generator, upsampling_generator):
        images = builder(latent_size=6, widths=(4, 4, 4), **shared)(latents)
        assert images.shape == (2, image_size, image_size, channels)
        assert float(tf.reduce_max(tf.abs(images))) <= 1
    assert convolutional_discriminator(widths=(4, 4), **shared)(images).shape == (2, 1)


def test_pixel_range_is_converted_at_the_door():
    # A discriminator on [0, 1] sees (x + 1) / 2 of what one on [-1, 1] sees.
    unit = convolutional_discriminator(image_size=8, widths=(4,), pixel_range=(0, 1))
    symmetric = convolutional_discriminator(image_size=8, widths=(4,), pixel_range=(-1, 1))
    symmetric.set_weights(unit.get_weights())
    images = tf.random.stateless_uniform((2, 8, 8, 3), (0, 0), -1, 1)
    np.testing.assert_allclose(unit(images), symmetric((images + 1) / 2), atol=1e-6)

    # 2 sigmoid(x) - 1 is tanh(x / 2).
    unit = transposed_generator(image_size=8, latent_size=4, widths=(4, 4), pixel_range=(0, 1))
    tanh = transposed_generator(image_size=8, latent_size=4, widths=(4, 4), pixel_range=(-1, 1))
    tanh.set_weights(unit.get_weights())
    latents = tf.random.stateless_normal((2, 4), (0, 0))
    np.testing.assert_allclose(
        np.arctanh(np.float64(tanh(latents))),
        2 * np.arctanh(np.float64(unit(latents))),
        atol=1e-4,
    )


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize("pixel_range", [(0, 1), (-1, 1)])
def test_round_trip_through_a_file(builder, pixel_range, tmp_path):
    model = builder(image_size=16, widths=(4, 4), pixel_range=pixel_range)
    inputs = tf.random.stateless_uniform((2, *model.input_shape[1:]), (0, 0), -1, 1)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(model(inputs), again(inputs))


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_pixels_and_logits_are_float32_under_mixed_precision(policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        for builder in BUILDERS:
            model = builder(image_size=8, widths=(4, 4))
            outputs = model(tf.zeros((2, *model.input_shape[1:])))
            assert outputs.dtype == tf.float32
            assert model.layers[-3].compute_dtype == policy.removeprefix("mixed_")
    finally:
        keras.config.set_dtype_policy(before)


@pytest.mark.parametrize(
    ("builder", "arguments", "message"),
    [
        (transposed_generator, {"image_size": 20}, r"divisible by .*Received: image_size=20"),
        (upsampling_generator, {"widths": (8,)}, r"at least two widths. Received: image_size=64"),
        (convolutional_discriminator, {"image_size": 12}, r"Received: image_size=12"),
        (convolutional_discriminator, {"widths": ()}, r"at least one width"),
        (transposed_generator, {"pixel_range": (0, 255)}, r"Expected pixel_range \(0, 1\)"),
        (convolutional_discriminator, {"pixel_range": (0, 2)}, r"Expected pixel_range \(0, 1\)"),
    ],
)
def test_refuses(builder, arguments, message):
    with pytest.raises(ValueError, match=message):
        builder(**arguments)


RESIDUAL = [residual_generator, residual_discriminator]


@pytest.mark.parametrize("image_size", [8, 16, 28, 64, 256])
def test_residual_shapes(image_size):
    shared = {
        "image_size": image_size,
        "channels": 1,
        "widths": [4] * len(residual_sides(image_size)),
    }
    latents = tf.random.stateless_normal((2, 6), (0, 0))
    images = residual_generator(latent_size=6, blocks_per_size=2, **shared)(latents)
    assert images.shape == (2, image_size, image_size, 1)
    assert residual_discriminator(blocks_per_size=2, **shared)(images).shape == (2, 1)


@pytest.mark.parametrize("builder", RESIDUAL)
def test_residual_branches_begin_at_zero(builder):
    """Doubling what stands before a branch's last convolution changes nothing at the start."""
    model = builder(image_size=16, widths=(4, 4, 4))
    inputs = tf.random.stateless_uniform((2, *model.input_shape[1:]), (0, 0), -1, 1)
    before = model(inputs).numpy()
    adds = [layer for layer in model.layers if isinstance(layer, keras.layers.Add)]
    assert len(adds) == 3
    zeros = [
        layer
        for layer in model.layers
        if isinstance(layer, keras.layers.Conv2D) and not np.any(layer.kernel)
    ]
    assert len(zeros) == 3
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D) and layer.kernel_size == (3, 3):
            scale = getattr(layer.kernel_initializer, "scale", None)
            if scale is not None and scale == pytest.approx(2 / 3):
                layer.kernel.assign(2 * layer.kernel)
    np.testing.assert_array_equal(model(inputs), before)
    assert np.std(before) > 0


@pytest.mark.parametrize("builder", RESIDUAL)
def test_residual_networks_judge_and_make_every_image_by_itself(builder):
    model = builder(image_size=16, widths=(4, 4, 4))
    inputs = tf.random.stateless_uniform((6, *model.input_shape[1:]), (0, 0), -1, 1)
    np.testing.assert_allclose(model(inputs, training=True)[:2], model(inputs[:2]), atol=1e-5)


def test_narrowing_before_doubling_is_the_same_function():
    images = tf.random.stateless_normal((2, 5, 5, 6), (0, 0))
    narrow = keras.layers.Conv2D(3, 1, use_bias=False)
    double = keras.layers.UpSampling2D(2, interpolation="bilinear")
    np.testing.assert_allclose(double(narrow(images)), narrow(double(images)), atol=1e-6)


def test_released_residual_generator_is_plain_keras(tmp_path):
    model = residual_generator(image_size=16, widths=(4, 4, 4))
    model.save(tmp_path / "model.keras")
    assert b"tfgan_lab" not in (tmp_path / "model.keras").read_bytes()


def test_residual_widths():
    assert residual_widths(8) == (128, 128)
    assert residual_widths(256) == (128, 128, 64, 32, 32, 32, 32)
    assert residual_sides(28) == (7, 14, 28)
    with pytest.raises(ValueError, match="5, 6 or 7 times a power of two. Received: .*=100"):
        residual_generator(image_size=100)
    with pytest.raises(ValueError, match="from 8 to 1024 .*Received: image_size=7"):
        residual_generator(image_size=7)
    with pytest.raises(ValueError, match=r"Expected 3 widths for image_size=16.*widths=\(4, 4\)"):
        residual_discriminator(image_size=16, widths=(4, 4))


def test_minibatch_stddev_shows_the_batch_to_a_residual_discriminator():
    model = residual_discriminator(image_size=16, widths=(4, 4, 4), minibatch_stddev=True)
    images = tf.random.stateless_uniform((4, 16, 16, 3), (0, 0), -1, 1)
    alike = tf.repeat(images[:1], 4, axis=0)
    assert abs(float(model(images)[0, 0] - model(alike)[0, 0])) > 1e-4


def test_spectral_norm_bounds_a_residual_discriminators_layers():
    model = residual_discriminator(image_size=16, widths=(4, 8, 4), spectral_norm=True)
    normalised = [layer for layer in model.layers if hasattr(layer, "sigma")]
    # A convolution from pixels, two a block, one at each change of width, and the logit.
    assert len(normalised) == 1 + 2 * 3 + 2 + 1
    images = tf.random.stateless_uniform((2, 16, 16, 3), (0, 0), -1, 1)
    before = model(images)
    assert np.all(np.isfinite(before)) and np.std(before) > 0
    for layer in normalised:
        layer.kernel.assign(3 * layer.kernel)
    np.testing.assert_allclose(model(images), before, rtol=1e-4)
