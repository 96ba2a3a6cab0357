"""Features of a frozen network, and discriminators on them.

The frozen network's weights are random wherever they are not the point, and few of its maps are
looked at: then only its first blocks are built.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tests.conftest import assert_same_state, state_of
from tfgan_lab import losses
from tfgan_lab.data import ImageSet
from tfgan_lab.layers import BatchNormalization, SpectralConv2D
from tfgan_lab.models import UpdateRule, load_model
from tfgan_lab.networks import (
    conditional_generator,
    efficientnet_lite0,
    light_generator,
    projected,
    projected_discriminator,
    projected_features,
)
from tfgan_lab.networks.efficientnet_lite import TAPS
from tfgan_lab.networks.sizes import pixel_widths_of

LATENTS = 6
SMALL = {"image_size": 32, "shown_size": 32, "strides": (2, 4), "widths": (3, 5), "weights": None}


def small_features(**settings):
    return projected_features(**(SMALL | settings))


def small_discriminator(num_classes=0, **settings):
    return projected_discriminator(
        small_features(), num_classes=num_classes, **{"widths": (4,), "pixel_widths": ()} | settings
    )


def drawn(count=2, side=32, channels=3, seed=0):
    values = np.random.default_rng(seed).uniform(-1, 1, (count, side, side, channels))
    return values.astype(np.float32)


def convolutions(network, kernel_size):
    """In the order of the maps' widths: Keras' own order goes by depth."""
    found = [
        layer
        for layer in network.layers
        if isinstance(layer, keras.layers.Conv2D) and layer.kernel_size == (kernel_size,) * 2
    ]
    return sorted(found, key=lambda layer: layer.filters)


# What the frozen network is shown, and what it sees.


@pytest.mark.parametrize("image_size", [32, 48, 64, 512])  # 48: 24, 12, 6 and 3 places
def test_shapes(image_size):
    strides, widths = (4, 8, 16, 32), (3, 4, 5, 6)
    features = projected_features(
        image_size=image_size, strides=strides, widths=widths, weights=None
    )
    shown = projected.shown_size_of(image_size)
    assert shown % 32 == 0
    assert [output.shape for output in features.outputs] == [
        (None, shown // stride, shown // stride, width)
        for stride, width in zip(strides, widths, strict=True)
    ]
    # Each map is halved while its halves are at least 4 high.
    sides = [shown // stride for stride in strides]
    ends = [next(s for s in (side, side // 2, side // 4, side // 8, side // 16) if s < 8)
            for side in sides]  # fmt: skip
    network = projected_discriminator(features, pixel_widths=())
    assert network.output_shape == (None, sum(s * s for s in ends))
    # The pixels are halved down to some 8x8.
    widths = pixel_widths_of(image_size)
    assert 8 <= image_size >> len(widths) < 16 and widths[-1] == 128 and min(widths) >= 16


@pytest.mark.parametrize(("image_size", "shown_size"), [(32, 64), (96, 64)])
def test_images_are_shown_resized(image_size, shown_size):
    settings = {"shown_size": shown_size, "strides": (4,), "widths": (3,)}
    features = small_features(image_size=image_size, **settings)
    direct = small_features(image_size=shown_size, **settings)
    direct.set_weights(features.get_weights())
    images = drawn(side=image_size)
    shrinks = image_size > shown_size
    shown = tf.image.resize(images, (shown_size, shown_size), antialias=shrinks)
    np.testing.assert_allclose(features(images), direct(shown), atol=1e-5)


def test_grey_images_are_shown_as_rgb():
    grey, colour = small_features(channels=1), small_features()
    colour.set_weights(grey.get_weights())
    images = drawn(channels=1)
    for one, other in zip(grey(images), colour(np.repeat(images, 3, axis=-1)), strict=True):
        np.testing.assert_array_equal(one, other)


def test_without_mixing_maps_are_those_of_the_installed_network():
    features = projected_features(
        image_size=32, shown_size=32, strides=(2, 8, 32), widths=(), mixing="none"
    )
    network = efficientnet_lite0()
    taps = keras.Model(network.inputs[0], [network.get_layer(TAPS[s]).output for s in (2, 8, 32)])
    for found, expected in zip(features(drawn()), taps(drawn()), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-4)


def with_taps_of(features, mixing, strides=SMALL["strides"], widths=SMALL["widths"]):
    """Features of the same frozen network, mixed otherwise."""
    other = small_features(mixing=mixing, strides=strides, widths=widths)
    frozen = "efficientnet_lite0"
    other.get_layer(frozen).set_weights(features.get_layer(frozen).get_weights())
    return other


def test_channels_are_mixed_at_every_place_by_itself():
    mixed = small_features(mixing="channels")
    plain = with_taps_of(mixed, "none")
    kernels = [layer.kernel.numpy()[0, 0] for layer in convolutions(mixed, 1)]
    assert [kernel.shape for kernel in kernels] == [(16, 3), (24, 5)]
    for found, tap, kernel in zip(mixed(drawn()), plain(drawn()), kernels, strict=True):
        np.testing.assert_allclose(found, tap.numpy() @ kernel, rtol=1e-4, atol=1e-4)


def test_scales_are_mixed_by_hand():
    """The deeper map, through a convolution that doubles it here, is enlarged and added."""
    mixed = small_features(mixing="scales")
    plain = with_taps_of(mixed, "channels")
    for mine, other in zip(convolutions(plain, 1), convolutions(mixed, 1), strict=True):
        mine.set_weights(other.get_weights())
    (across,) = convolutions(mixed, 3)
    kernel = np.zeros((3, 3, 5, 3), np.float32)
    kernel[1, 1, 4, 2] = 2  # the deeper map's last channel into the finer one's last
    across.set_weights([kernel])
    (fine, deep), (found, deepest) = plain(drawn()), mixed(drawn())
    np.testing.assert_allclose(deepest, deep, rtol=1e-4, atol=1e-5)
    added = found.numpy() - fine.numpy()
    np.testing.assert_allclose(added[..., :2], 0, atol=1e-4)
    deep = deep.numpy()[..., 4]
    # Bilinear doubling: the corner stays, next to it a quarter of the neighbour comes in.
    np.testing.assert_allclose(added[:, 0, 0, 2], 2 * deep[:, 0, 0], rtol=1e-3, atol=1e-3)
    between = 2 * (0.75 * deep[:, 0, 0] + 0.25 * deep[:, 0, 1])
    np.testing.assert_allclose(added[:, 0, 1, 2], between, rtol=1e-3, atol=1e-3)
    rows = 0.75 * deep[:, 3] + 0.25 * deep[:, 4]
    inside = 2 * (0.25 * rows[:, 2] + 0.75 * rows[:, 3])
    np.testing.assert_allclose(added[:, 7, 6, 2], inside, rtol=1e-3, atol=1e-3)


def test_every_deeper_map_reaches_all_finer_ones():
    """With the other taps' kernels at zero, all maps are made of the deepest tap alone."""
    mixed = small_features(strides=(2, 4, 16), widths=(3, 4, 5))
    *finer, _ = convolutions(mixed, 1)
    for layer in finer:
        layer.set_weights([np.zeros(layer.kernel.shape)])
    maps = [each.numpy() for each in mixed(drawn())]
    assert [each.shape[1] for each in maps] == [16, 8, 2]  # doubled by 4 and by 2 in between
    assert all(np.abs(each).max() > 0 for each in maps)


# The discriminators on them.


def test_logits_of_all_maps_stand_side_by_side():
    network = small_discriminator()
    ends = [layer.input for layer in network.layers if isinstance(layer, keras.layers.Flatten)]
    maps = keras.Model(network.inputs[0], ends)(drawn())
    assert [each.shape for each in maps] == [(2, 4, 4, 1), (2, 4, 4, 1)]
    expected = np.concatenate([np.reshape(each, (2, 16)) for each in maps], axis=1)
    logits = network(drawn())
    assert logits.dtype == tf.float32
    np.testing.assert_allclose(logits, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("spectral_norm", [True, False])
@pytest.mark.parametrize("normalisation", ["batch", "none"])
@pytest.mark.parametrize("head", ["pooled", "strided"])
def test_heads(head, normalisation, spectral_norm):
    """Maps of 16 and 8: two halvings and one, each with a convolution, and the logits'."""
    settings = {"head": head, "normalisation": normalisation, "spectral_norm": spectral_norm}
    network = small_discriminator(widths=(4, 6), **settings)
    assert network.output_shape == (None, 32)
    halving = {"pooled": 3, "strided": 4}[head]
    kernels = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    assert {isinstance(layer, SpectralConv2D) for layer in kernels} == {spectral_norm}
    shapes = sorted(tuple(layer.kernel.shape) for layer in kernels)
    sides = (halving, halving)
    assert shapes == sorted(
        [(*sides, 3, 4), (*sides, 4, 4), (*sides, 5, 6), (3, 3, 4, 1), (3, 3, 6, 1)]
    )
    norms = [layer for layer in network.layers if isinstance(layer, BatchNormalization)]
    assert len(norms) == (3 if normalisation == "batch" else 0)
    pools = [each for each in network.layers if isinstance(each, keras.layers.AveragePooling2D)]
    assert len(pools) == (3 if head == "pooled" else 0)


@pytest.mark.parametrize("normalisation", ["batch", "none"])
@pytest.mark.parametrize("head", ["pooled", "strided"])
def test_pixels_have_a_discriminator_of_their_own(head, normalisation):
    """Convolutions 4x4 of stride 2 on the image as it is, then a logit for each of 8x8 places."""
    network = small_discriminator(pixel_widths=(5, 6), head=head, normalisation=normalisation)
    without = small_discriminator(head=head, normalisation=normalisation)
    assert network.output_shape == (None, without.output_shape[1] + 64)
    first = next(
        layer for layer in network.layers
        if isinstance(layer, keras.layers.Conv2D) and layer.input is network.inputs[0]
    )  # fmt: skip
    assert tuple(first.kernel.shape) == (4, 4, 3, 5)
    assert isinstance(first, SpectralConv2D)
    # Only its 64 answers change with its weights.
    images = drawn()
    before = network(images).numpy()
    first.kernel.assign(np.random.default_rng(1).normal(size=(4, 4, 3, 5)))
    changed = np.any(network(images) != before, axis=0)
    assert not changed[:-64].any() and changed[-64:].all()


def test_classes_by_hand():
    """A class's vector is multiplied with the features before the logits, at every place."""
    network = small_discriminator(num_classes=3)
    images, labels = drawn(), np.array([1, 2], np.int32)
    before = network([images, labels])
    np.testing.assert_array_equal(network([images, 0 * labels]), before)  # all vectors are 0
    tables = [each for each in network.layers if isinstance(each, keras.layers.Embedding)]
    assert [each.embeddings.shape for each in tables] == [(3, 4), (3, 4)]
    vector = np.array([1, -2, 3, 0], np.float32)
    tables[0].set_weights([np.stack([0 * vector, vector, 0 * vector])])
    last = convolutions(network, 3)
    first_logit = next(layer for layer in last if layer.filters == 1)
    places = keras.Model(network.inputs[0], first_logit.input)(images[:1]).numpy()
    added = network([images, labels]) - before
    np.testing.assert_allclose(added[0, :16], np.ravel(places @ vector), rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(added[0, 16:], 0)
    np.testing.assert_array_equal(added[1], 0)  # of class 2


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mixing": "depth"}, "Expected mixing scales, channels or none. Received: mixing='depth'"),
        ({"widths": (3,)}, r"Expected 2 widths, one for each stride. Received: widths=\(3,\)"),
        ({"strides": (4, 2)}, r"Expected strides in ascending order .*strides=\(4, 2\)"),
        ({"strides": (4, 4)}, r"Expected strides in ascending order .*strides=\(4, 4\)"),
        ({"strides": (2, 3)}, r"Expected strides .* out of 2, 4, 8, 16, 32\. .*strides=\(2, 3\)"),
        ({"strides": ()}, r"Expected strides .*strides=\(\)"),
        ({"shown_size": 38}, "Expected images to be shown at a multiple of 4 .*Received: 38"),
        ({"shown_size": 544}, "Expected images to be shown at .* to 512 pixels. Received: 544"),
        ({"image_size": 24}, "Expected image_size from 32 to 512. Received: image_size=24"),
        ({"image_size": 516}, "Expected image_size from 32 to 512. Received: image_size=516"),
    ],
)
def test_features_refuse(settings, message):
    with pytest.raises(ValueError, match=message):
        small_features(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"head": "dense"}, "Expected head pooled or strided. Received: head='dense'"),
        ({"normalisation": "layer"}, "Expected normalisation batch or none. .*'layer'"),
        ({"widths": (3, 4, 5)}, r"Expected 1 width or 2, one for each map. .*=\(3, 4, 5\)"),
        (
            {"pixel_widths": (2,) * 4},
            r"Expected pixel_widths to halve 8 pixels to 1.*=\(2, 2, 2, 2",
        ),
    ],
)
def test_discriminator_refuses(settings, message):
    features = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3)])
    inputs = keras.Input((8, 8, 3))
    features = keras.Model(inputs, [features(inputs), inputs])
    with pytest.raises(ValueError, match=message):
        projected_discriminator(features, **settings)


@pytest.mark.parametrize("num_classes", [0, 3])
def test_saved_and_loaded(num_classes, tmp_path):
    network = small_discriminator(num_classes, pixel_widths=(3, 4))
    network.save(tmp_path / "network.keras")
    again = load_model(tmp_path / "network.keras")
    inputs = [drawn(), np.array([0, 2], np.int32)] if num_classes else drawn()
    np.testing.assert_array_equal(again(inputs), network(inputs))
    assert len(again.trainable_weights) == len(network.trainable_weights)


# Training.


def make_gan(loss=None, update=None, precision="float32", **arguments):
    """A compiled GAN; with ``num_classes`` a conditional one."""
    from tfgan_lab.runs.training.precision import computing_in

    keras.utils.set_random_seed(3)
    num_classes = arguments.pop("num_classes", 0)
    with computing_in(precision):
        generator = light_generator(
            image_size=32, latent_size=LATENTS + num_classes, widths=(4, 4, 4, 4)
        )
        discriminator = small_discriminator(num_classes)
        shared = {"latents": tgl.latents.Sphere(LATENTS), "seed": 3, "ema_half_life_images": 50}
        if num_classes:
            generator = conditional_generator(generator, num_classes, method="concatenation")
            gan = tgl.ConditionalGAN(generator, discriminator, num_classes, **shared)
        else:
            gan = tgl.GAN(generator, discriminator, **shared)
    gan.compile(loss=loss or losses.Hinge(), update=update, **arguments)
    return gan


def frozen_weights(gan):
    weights = gan.discriminator.get_layer("projected_features").weights
    assert len(weights) > 10
    return weights


def take_two_steps(gan):
    """Checks what two steps move and what they leave alone."""
    frozen = [weight.numpy() for weight in frozen_weights(gan)]
    # Nearly all: the sum of slopes along a last bias is 0 under some losses.
    trained = [
        weight
        for weight in gan.generator.trainable_weights + gan.discriminator.trainable_weights
        if not weight.path.endswith("/bias")
    ]
    before = [weight.numpy() for weight in trained]
    for seed in range(2):
        batch = {"image": tf.constant(drawn(4, seed=seed))}
        if gan.num_classes:
            batch["label"] = tf.constant([0, 1, 2, 1])
        logs = gan.train_step(batch)
    assert all(np.isfinite(value) for value in logs.values())
    for old, weight in zip(frozen, frozen_weights(gan), strict=True):
        np.testing.assert_array_equal(old, weight.numpy())
    moved = [not np.array_equal(old, new) for old, new in zip(before, trained, strict=True)]
    assert all(moved)


@pytest.mark.parametrize(
    "settings",
    [
        {"loss": losses.BinaryCrossEntropy(real_label=0.9, label_noise=0.05)},
        {"update": UpdateRule(concatenate_batches=True)},
        {"update": UpdateRule(schedule="simultaneous"), "precision": "mixed_bfloat16"},
        {"penalties": [losses.ApproximateR1(1.0), losses.LeCam(0.3)]},
        {"loss": losses.RelativisticPairing(), "num_classes": 3},
    ],
    ids=["noisy labels", "joint", "single pass in 16 bits", "penalties", "classes"],
)
def test_trains(settings):
    gan = make_gan(**settings)
    tables = [each for each in gan.discriminator.weights if "embeddings" in each.path]
    assert bool(tables) == bool(gan.num_classes) and not any(np.any(each) for each in tables)
    take_two_steps(gan)
    assert all(np.any(each) for each in tables)
    assert gan.discriminator.outputs[0].dtype == "float32"


def test_frozen_weights_have_no_slots_and_are_kept_once():
    gan = make_gan()
    network = gan.discriminator
    frozen = {id(weight) for weight in frozen_weights(gan)}
    assert not frozen & {id(weight) for weight in network.trainable_weights}
    moments = [each for each in gan.discriminator_optimizer.variables if each.ndim]
    trained = sum(int(np.prod(each.shape)) for each in network.trainable_weights)
    assert sum(int(np.prod(each.shape)) for each in moments) == 2 * trained
    kept = [id(variable) for variable in gan.checkpoint_variables().values()]
    assert len(set(kept)) == len(kept) and frozen <= set(kept)


@pytest.mark.parametrize("num_classes", [0, pytest.param(3, marks=pytest.mark.slow)])
def test_saved_loaded_and_continued_to_the_same_bits(num_classes, tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (8, 32, 32, 3)).astype(np.uint8)
    labels = np.arange(8) % 3 if num_classes else None
    images = ImageSet(pixels, batch_size=4, seed=5, labels=labels)
    update = UpdateRule(schedule="simultaneous")
    whole, gan = (make_gan(update=update, num_classes=num_classes) for _ in range(2))
    whole.fit(images, epochs=2, verbose=0)
    gan.fit(images, epochs=1, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = load_model(tmp_path / "gan.keras")
    kept, loaded = (
        {name: value for name, value in state_of(model).items() if not name.startswith("mean/")}
        for model in (gan, again)
    )
    assert_same_state(loaded, kept)
    again.fit(images, epochs=2, verbose=0)
    assert int(again.step.numpy()) == 4
    assert_same_state(state_of(again), state_of(whole))
