import types

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import tfgan_lab as tgl
from tests.conftest import assert_same_state, state_of
from tests.runs.tiny import tiny
from tfgan_lab.attribution import activation_maps, fine_layer
from tfgan_lab.callbacks.discriminator_maps import discriminator_sheet
from tfgan_lab.command_line.main import main
from tfgan_lab.plots import overlay, untile_images
from tfgan_lab.runs.training.latent_training import train


def test_writes_maps_and_leaves_training_alone(make_gan, make_images, tmp_path):
    one, other, images = make_gan(), make_gan(), make_images(8)
    maps = tgl.callbacks.DiscriminatorMaps(tmp_path, every=2, num_images=3)
    one.fit(images, epochs=3, verbose=0, callbacks=[maps])
    other.fit(images, epochs=3, verbose=0)
    assert_same_state(state_of(one), state_of(other))
    names = sorted(path.name for path in (tmp_path / "maps").iterdir())
    assert names == ["epoch_00002.png", "epoch_00003.png"]
    with Image.open(tmp_path / "maps" / "epoch_00003.png") as file:
        sheet = np.asarray(file)
    rows = untile_images(sheet, 8, 8, 12).reshape(4, 3, 8, 8, 3)
    real, fake = images.sample(3), one.generate(3, seed=one.seed)
    np.testing.assert_array_equal(rows[0], tgl.plots.to_uint8(real))
    np.testing.assert_array_equal(rows[2], tgl.plots.to_uint8(fake))
    # What all images share is taken away, and all maps have one scale.
    layer = fine_layer(one.discriminator)
    shown = (images.sample(3), fake), (images.sample(64), one.generate(64, seed=one.seed)[:8])
    maps, usual = (
        [activation_maps(one.discriminator, batch, method="elementwise", layer=layer).maps
         for batch in both]
        for both in shown
    )  # fmt: skip
    maps = np.stack(maps) - np.mean([each.mean(axis=0) for each in usual], axis=0)
    for batch, found, row in zip((real, fake), maps, (rows[1], rows[3]), strict=True):
        expected = overlay(batch, found, scale=np.percentile(np.abs(maps), 98))
        assert np.abs(expected.astype(int) - row).max() <= 1
    events = list((tmp_path / "events").glob("*.maps"))
    assert len(events) == 1


def test_says_that_it_needs_images(make_gan, tmp_path):
    callback = tgl.callbacks.DiscriminatorMaps(tmp_path, every=1)
    batches = tf.data.Dataset.from_tensors({"image": tf.zeros((4, 8, 8, 3))})
    with pytest.raises(
        ValueError, match=r"Expected fit to get a tfgan_lab\.data\.ImageSet, or Disc"
    ):
        make_gan().fit(batches, verbose=0, callbacks=[callback])


def test_sheets_of_grey_images_have_colours():
    gan = tgl.GAN(
        tgl.networks.dcgan_generator(image_size=16, channels=1, latent_size=4, widths=(4, 4)),
        tgl.networks.dcgan_discriminator(image_size=16, channels=1, widths=(4,)),
    )
    pixels = np.random.default_rng(0).integers(0, 256, (5, 16, 16, 1)).astype(np.uint8)
    sheet = discriminator_sheet(gan, tgl.data.ImageSet(pixels), num_images=2)
    assert sheet.shape == (4 * 18 + 2, 2 * 18 + 2, 3)
    assert (sheet[2:18].std(axis=-1) == 0).all() and sheet[20:36].std(axis=-1).max() > 3


@pytest.mark.parametrize("method", ["projection", "concatenation", "classifier"])
def test_with_classes_every_image_is_judged_as_one_of_its_class(method):
    images = tgl.data.vehicles(9, image_size=16, batch_size=4)
    network = tgl.networks.dcgan_discriminator(image_size=16, widths=(4, 4))
    generator = tgl.networks.dcgan_generator(image_size=16, latent_size=12, widths=(4, 4))
    gan = tgl.ConditionalGAN(
        tgl.networks.conditional_generator(generator, 8),
        tgl.networks.conditional_discriminator(network, 8, method=method),
        num_classes=8,
    )
    for weight in gan.discriminator.trainable_weights:
        weight.assign(np.random.default_rng(0).normal(size=weight.shape))
    sheet = discriminator_sheet(gan, images, num_images=3, layer=fine_layer(network))
    rows = untile_images(sheet, 16, 16, 12).reshape(4, 3, 16, 16, 3)
    places = [0, 4, 8]
    np.testing.assert_array_equal(rows[0], images.images[places])
    # Another class, another answer: real ones are judged as what they are.
    sheets = [sheet]
    images.labels = (images.labels + 1) % 8
    sheets.append(discriminator_sheet(gan, images, num_images=3, layer=fine_layer(network)))
    differ = (sheets[0] != sheets[1]).any()
    assert differ == (method != "classifier")  # With that method, labels are not looked at.


@pytest.mark.parametrize(
    ("network", "side"),
    [
        (tgl.networks.residual_discriminator(image_size=64, widths=(4,) * 5), 8),
        (tgl.networks.dcgan_discriminator(image_size=32, widths=(4, 4)), 8),
        (tgl.networks.dcgan_discriminator(image_size=8, widths=(4,)), 4),
    ],
)
def test_looks_at_the_last_layer_that_can_point(network, side):
    assert network.get_layer(fine_layer(network)).output.shape[1] == side


def test_the_flag_and_the_verb(tmp_path, capsys):
    train(tiny(tmp_path, maps_every=1), verbose=0)
    assert (tmp_path / "maps" / "epoch_00002.png").exists()
    assert main(["maps", str(tmp_path), "--count=2"]) == 0
    assert "red: evidence for fake" in capsys.readouterr().out
    with Image.open(tmp_path / "maps" / "discriminator.png") as sheet:
        assert sheet.size == (2 * 18 + 2, 4 * 18 + 2)
    assert main(["maps", str(tmp_path), "--layer=x"]) == 2
    assert "Expected a layer out of" in capsys.readouterr().err
    assert main(["maps", str(tmp_path), "--method=class_activation"]) == 2
    assert "Expected global average pooling" in capsys.readouterr().err


def test_a_pooled_head_has_exact_maps(make_gan, make_images):
    judge = keras.Sequential([
        keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(1),
    ])  # fmt: skip
    model, images = types.SimpleNamespace(discriminator=judge, seed=0), make_images(8)
    model.generate = lambda count, seed: images.sample(8)[-count:]
    sheets = {
        method: discriminator_sheet(model, images, 3, method=method)
        for method in ("auto", "class_activation", "gradient_weighted")
    }
    np.testing.assert_array_equal(sheets["auto"], sheets["class_activation"])
    assert not np.array_equal(sheets["auto"], sheets["gradient_weighted"])
    others = [
        discriminator_sheet(make_gan(), images, 2, method=method)
        for method in ("auto", "gradient_weighted")
    ]
    np.testing.assert_array_equal(*others)  # Which has no such head.
