import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.networks import (
    domain_discriminator,
    domain_translator,
    patch_discriminator,
    residual_translator,
)


def images(*shape, seed=0):
    return tf.random.stateless_uniform(shape, (seed, 1), -1, 1)


@pytest.mark.parametrize("height, width", [(16, 16), (12, 40)])
def test_translators_take_images_of_any_size(height, width):
    batch = images(2, height, width, 3)
    translator = residual_translator(width=4, num_blocks=2)
    outputs = translator(batch)
    assert outputs.shape == batch.shape and float(tf.reduce_max(tf.abs(outputs))) <= 1
    translator = domain_translator(vector_size=2, width=4, num_blocks=2)
    one, other = (translator([batch, tf.constant([[a, 1.0 - a]] * 2)]) for a in (0.0, 1.0))
    assert one.shape == batch.shape
    # It listens to its target.
    assert float(tf.reduce_mean(tf.abs(one - other))) > 0.01


BUILDERS = [
    (residual_translator, {"width": 4, "num_blocks": 1}),
    (patch_discriminator, {"image_size": 16, "width": 4, "patch_size": 16}),
    (domain_translator, {"vector_size": 2, "width": 4, "num_blocks": 1}),
    (domain_discriminator, {"num_labels": 2, "image_size": 16, "width": 4}),
]


@pytest.mark.parametrize("builder, arguments", BUILDERS)
def test_round_trips(builder, arguments, tmp_path):
    model = builder(**arguments, name="mine")
    inputs = images(2, 16, 16, 3)
    if builder is domain_translator:
        inputs = [inputs, tf.eye(2)]
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert again.name == "mine"
    for one, other in zip(
        tf.nest.flatten(model(inputs)), tf.nest.flatten(again(inputs)), strict=True
    ):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_pixels_and_logits_are_float32_under_mixed_precision(policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        for builder, arguments in BUILDERS:
            model = builder(**arguments)
            assert model.layers[2].compute_dtype == policy.removeprefix("mixed_")
            assert {output.dtype for output in model.outputs} == {"float32"}
    finally:
        keras.config.set_dtype_policy(before)


def test_translators_need_depth():
    for builder in (residual_translator, lambda **depth: domain_translator(vector_size=2, **depth)):
        with pytest.raises(ValueError, match="Expected num_halvings and num_blocks from 1"):
            builder(num_blocks=0)
