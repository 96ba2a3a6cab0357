"""Networks of reports and papers, number for number."""

import keras
import pytest

from tfgan_lab import networks


def kinds(model):
    return [type(layer).__name__ for layer in model.layers]


def convolutions_of(model):
    return [layer for layer in model.layers if hasattr(layer, "filters")]


def test_report_r0_discriminator():
    model = networks.convolutional_discriminator()
    assert isinstance(model, keras.Sequential)
    block = ["Conv2D", "BatchNormalization", "LeakyReLU"]
    assert kinds(model) == ["Rescaling", *block * 3, "Flatten", "Dropout", "Dense"]
    assert [layer.filters for layer in convolutions_of(model)] == [64, 128, 128]
    assert {
        (layer.kernel_size, layer.strides, layer.padding) for layer in convolutions_of(model)
    } == {((4, 4), (2, 2), "same")}
    slopes = [layer.negative_slope for layer in model.layers if hasattr(layer, "negative_slope")]
    assert slopes == pytest.approx([0.2] * 3)
    assert model.layers[-2].rate == 0.2
    # 3*64*16+64, 64*128*16+128, 128*128*16+128, 4 numbers a channel of batch norm, 8192+1.
    assert model.count_params() == 3136 + 131200 + 262272 + 4 * 320 + 8193


def test_report_r0_generators():
    transposed = networks.transposed_generator()
    block = ["TransposedConv2D", "LeakyReLU"]
    ending = ["Conv2D", "Activation", "Rescaling"]
    assert kinds(transposed) == ["Dense", "Reshape", *block * 3, *ending]
    assert transposed.layers[0].units == 8192
    assert transposed.layers[1].target_shape == (8, 8, 128)
    # Dense; 128*128*16+128, 128*256*16+256, 256*512*16+512; 512*3*25+3.
    assert transposed.count_params() == 129 * 8192 + 262272 + 524544 + 2097664 + 38403

    upsampling = networks.upsampling_generator()
    block = ["UpSampling2D", *["Conv2D", "BatchNormalization", "LeakyReLU"] * 2]
    assert kinds(upsampling) == ["Dense", "Reshape", *block * 3, *ending]
    convolutions = 9 * (128 * 64 + 64 * 64 + 64 * 128 + 128 * 128 + 128 * 256 + 256 * 256)
    assert upsampling.count_params() == (
        129 * 8192 + convolutions + 2 * (64 + 128 + 256) * 5 + 256 * 3 * 25 + 3
    )
    for model in (transposed, upsampling):
        assert isinstance(model, keras.Sequential)
        assert model.layers[-2].activation.__name__ == "sigmoid"


def test_report_r1():
    generator, discriminator = networks.dcgan_generator(), networks.dcgan_discriminator()
    assert isinstance(generator, keras.Sequential) and isinstance(discriminator, keras.Sequential)
    block = ["BatchNormalization", "LeakyReLU", "TransposedConv2D"]
    assert kinds(generator) == ["Dense", "Reshape", *block * 4, "Activation"]
    assert all(layer.negative_slope == 0 for layer in generator.layers if "leaky" in layer.name)
    # 100*16*512; 512*256*16, 256*128*16, 128*64*16, 64*3*16; 4 numbers a channel of batch norm.
    assert generator.count_params() == 819200 + 2097152 + 524288 + 131072 + 3072 + 4 * 960
    assert generator.layers[-1].activation.__name__ == "tanh"

    first, inner = ["Conv2D", "LeakyReLU"], ["Conv2D", "BatchNormalization", "LeakyReLU"]
    assert kinds(discriminator) == [*first, *inner * 3, "Flatten", "Dense"]
    biases = [layer.use_bias for layer in convolutions_of(discriminator)]
    assert biases == [True, False, False, False]


def test_report_r3():
    generator = networks.dcgan_generator(
        channels=1, widths=(256, 128, 64, 32), kernel_size=5, first_stride=1, negative_slope=0.3
    )
    assert kinds(generator)[:4] == ["Dense", "BatchNormalization", "LeakyReLU", "Reshape"]
    assert generator.layers[0].units == 8 * 8 * 256 and not generator.layers[0].use_bias
    transposed = convolutions_of(generator)
    assert [layer.filters for layer in transposed] == [128, 64, 32, 1]
    assert [layer.strides[0] for layer in transposed] == [1, 2, 2, 2]
    assert {layer.kernel_size for layer in transposed} == {(5, 5)}
    assert not any(layer.use_bias for layer in transposed)
    assert generator.output_shape == (None, 64, 64, 1)

    discriminator = networks.dcgan_discriminator(
        channels=1, widths=(64, 128), kernel_size=5, batch_norm=False, dropout=0.3
    )
    assert kinds(discriminator) == [*["Conv2D", "LeakyReLU", "Dropout"] * 2, "Flatten", "Dense"]
    # 25*64+64, 25*64*128+128, 16*16*128+1.
    assert discriminator.count_params() == 1664 + 204928 + 32769


def test_cyclegan_at_256_pixels():
    # The published networks: 11.378 and 2.765 million.
    halving = 7 * 7 * 3 * 64 + 64 + 9 * (64 * 128 + 128 * 256) + 128 + 256
    blocks = 9 * 2 * (9 * 256 * 256 + 256)
    doubling = 9 * (256 * 128 + 128 * 64) + 128 + 64 + 7 * 7 * 64 * 3 + 3
    translator = networks.residual_translator()
    assert translator.count_params() == halving + blocks + doubling == 11_378_179
    convolutions = 16 * (3 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 512)
    judge = networks.patch_discriminator()
    assert judge.count_params() == convolutions + 64 + 128 + 256 + 512 + 1 == 2_764_737
    assert judge.output_shape == (None, 30, 30, 1)


def test_stargan_at_128_pixels():
    # Table 4 and 5 with 5 labels; instance norm has a scale and a shift.
    norms = 2 * (64 + 128 + 256 + 6 * 2 * 256 + 128 + 64)
    halving = 49 * (3 + 5) * 64 + 16 * (64 * 128 + 128 * 256)
    blocks = 6 * 2 * 9 * 256 * 256
    doubling = 16 * (256 * 128 + 128 * 64) + 49 * 64 * 3
    translator = networks.domain_translator(vector_size=5)
    assert translator.count_params() == halving + blocks + doubling + norms
    widths = [3, 64, 128, 256, 512, 1024, 2048]
    convolutions = sum(
        16 * before * after + after for before, after in zip(widths, widths[1:], strict=False)
    )
    judge = networks.domain_discriminator(num_labels=5)
    assert judge.count_params() == convolutions + 9 * 2048 + 4 * 2048 * 5
    assert judge.output_shape == [(None, 2, 2, 1), (None, 5)]
