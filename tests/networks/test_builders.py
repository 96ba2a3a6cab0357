"""What is asked of every builder: shapes, float32 ends, files and refusals."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab import networks
from tfgan_lab.networks.sizes import residual_sides

SMALL = {"image_size": 16, "widths": (4, 4)}
RESIDUAL = {"image_size": 16, "widths": (4, 4, 4)}
# Builder, small settings, and a shape of every input beside the images or latents.
BUILDERS = {
    "transposed": (networks.transposed_generator, SMALL),
    "transposed, tanh": (networks.transposed_generator, SMALL | {"pixel_range": (-1, 1)}),
    "upsampling": (networks.upsampling_generator, SMALL),
    "dcgan": (networks.dcgan_generator, SMALL),
    "dcgan of reports R3 and R4": (networks.dcgan_generator, SMALL | {"first_stride": 1}),
    "residual": (networks.residual_generator, RESIDUAL),
    "light": (networks.light_generator, RESIDUAL | {"doubling": "bilinear"}),
    "convolutional": (networks.convolutional_discriminator, SMALL),
    "convolutional, as they are": (
        networks.convolutional_discriminator, SMALL | {"pixel_range": (-1, 1)},
    ),
    "dcgan's judge": (networks.dcgan_discriminator, SMALL | {"dropout": 0.1}),
    "residual judge": (networks.residual_discriminator, RESIDUAL),
    "residual judge of groups": (
        networks.residual_discriminator,
        RESIDUAL | {"minibatch_stddev": True, "spectral_norm": True},
    ),
    "translator": (networks.residual_translator, {"width": 4, "num_blocks": 1}),
    "patches": (networks.patch_discriminator, {"image_size": 16, "width": 4, "patch_size": 16}),
    "domains": (networks.domain_translator, {"vector_size": 2, "width": 4, "num_blocks": 1}),
    "domains' judge": (networks.domain_discriminator, {"num_labels": 2, "image_size": 16}),
    "classifier": (networks.pooled_classifier, SMALL),
}  # fmt: skip
every_builder = pytest.mark.parametrize(("builder", "settings"), BUILDERS.values(), ids=BUILDERS)


def inputs_of(network, count=4):
    """Images, latents and vectors as a network takes them, sides that are open of 16."""
    inputs = [
        tf.random.stateless_uniform(
            [count, *(side or 16 for side in each.shape[1:])], (0, 1), -1, 1
        )
        for each in network.inputs
    ]
    return inputs if len(inputs) > 1 else inputs[0]


@every_builder
def test_comes_back_from_a_file(builder, settings, tmp_path):
    network = builder(**settings)
    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    assert again.name == network.name == builder.__name__
    inputs = inputs_of(network)
    for one, other in zip(*map(tf.nest.flatten, (network(inputs), again(inputs))), strict=True):
        np.testing.assert_array_equal(one, other)


@every_builder
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_pixels_and_logits_are_float32_under_mixed_precision(builder, settings, policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        network = builder(**settings)
    finally:
        keras.config.set_dtype_policy(before)
    assert {output.dtype for output in tf.nest.flatten(network(inputs_of(network)))} == {tf.float32}
    halved = {layer.compute_dtype for layer in network.layers if layer.weights}
    assert policy.removeprefix("mixed_") in halved


SIZES = {
    "transposed": ([16, 24, 64], lambda size: (4, 4, 4)),
    "upsampling": ([16, 24, 64], lambda size: (4, 4, 4)),
    "dcgan": ([16, 28, 64], lambda size: (4, 4)),
    "residual": ([8, 28, 64, 256], lambda size: (4,) * len(residual_sides(size))),
    "light": ([8, 28, 48, 80, 128], lambda size: (2,) * len(residual_sides(size))),
}


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("kind", "image_size"), [(kind, size) for kind, (sizes, _) in SIZES.items() for size in sizes]
)
def test_sizes(kind, image_size, channels):
    widths = SIZES[kind][1](image_size)
    shared = {"image_size": image_size, "channels": channels, "widths": widths}
    latents = tf.random.stateless_normal((2, 6), (0, 0))
    images = getattr(networks, f"{kind}_generator")(latent_size=6, **shared)(latents)
    assert images.shape == (2, image_size, image_size, channels)
    if kind == "residual":
        assert networks.residual_discriminator(blocks_per_size=2, **shared)(images).shape == (2, 1)
        return
    assert float(tf.reduce_max(tf.abs(images))) <= 1
    shared["widths"] = (4, 4)
    for build in (networks.convolutional_discriminator, networks.dcgan_discriminator):
        assert build(**shared)(images).shape == (2, 1)


@pytest.mark.parametrize("height, width", [(16, 16), (12, 40)])
def test_translators_take_images_of_any_size(height, width):
    batch = tf.random.stateless_uniform((2, height, width, 3), (0, 1), -1, 1)
    translator = networks.residual_translator(width=4, num_blocks=2)
    outputs = translator(batch)
    assert outputs.shape == batch.shape and float(tf.reduce_max(tf.abs(outputs))) <= 1
    translator = networks.domain_translator(vector_size=2, width=4, num_blocks=2)
    one, other = (translator([batch, tf.constant([[a, 1.0 - a]] * 2)]) for a in (0.0, 1.0))
    assert one.shape == batch.shape
    # It listens to its target.
    assert float(tf.reduce_mean(tf.abs(one - other))) > 0.01


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("transposed_generator", {"image_size": 20}, "divisible by .*Received: image_size=20"),
        ("transposed_generator", {"pixel_range": (0, 255)}, r"Expected pixel_range \(0, 1\)"),
        ("upsampling_generator", {"widths": (8,)}, "one for each width and at least one.*=64, n=0"),
        ("convolutional_discriminator", {"image_size": 12}, "Received: image_size=12"),
        ("convolutional_discriminator", {"widths": ()}, "for each width and at least one"),
        ("convolutional_discriminator", {"pixel_range": (0, 2)}, r"Expected pixel_range \(0, 1\)"),
        ("dcgan_generator", {"image_size": 20}, "divisible by 2 .*image_size=20, n=4"),
        ("dcgan_generator", {"widths": (8,)}, "two widths or more"),
        ("dcgan_generator", {"first_stride": 3}, "Expected first_stride 1 or 2.*first_stride=3"),
        ("dcgan_discriminator", {"image_size": 20}, "Received: image_size=20"),
        ("residual_generator", {"image_size": 100}, "5, 6 or 7 times a power of two.*=100"),
        ("residual_generator", {"image_size": 7}, "from 8 to 1024 .*Received: image_size=7"),
        ("residual_discriminator", {"widths": (4, 4)}, r"5 widths for image_size=64.*\(4, 4\)"),
        ("light_generator", {"image_size": 100}, "Expected image_size from 8 to 1024 as 4, 5, 6"),
        ("light_generator", {"widths": (4, 4)}, r"5 widths.* 4, 8, 16, 32, 64\. .*=\(4, 4\)"),
        ("light_generator", {"normalisation": "layer"}, "normalisation batch or none.*'layer'"),
        ("light_generator", {"doubling": "cubic"}, "doubling bilinear or nearest.*='cubic'"),
        ("residual_translator", {"num_blocks": 0}, "Expected num_halvings and num_blocks from 1"),
        ("domain_translator", {"vector_size": 2, "num_halvings": 0}, "num_halvings and num_blocks"),
        (
            "domain_discriminator",
            {"num_labels": 2, "num_halvings": 9},
            "image_size to be divisible",
        ),
        ("patch_discriminator", {"patch_size": 64}, "Expected patch_size 16, 34, 70, 142 or 286"),
        ("patch_discriminator", {"image_size": 16}, "image_size from 24 for patch_size=70; a smal"),
        ("pooled_classifier", {"image_size": 30}, "Expected image_size divisible by"),
        ("pooled_classifier", {"widths": ()}, "Expected image_size divisible by"),
        ("pooled_classifier", {"num_classes": 1}, "Expected image_size divisible by"),
    ],
)
def test_refuses(name, settings, message):
    with pytest.raises(ValueError, match=message):
        getattr(networks, name)(**settings)
