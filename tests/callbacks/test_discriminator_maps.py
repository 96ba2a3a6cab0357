import numpy as np
import pytest
from PIL import Image

import tfgan_lab as tgl
from tests.conftest import assert_same_state, state_of
from tests.runs.tiny import tiny
from tfgan_lab.attribution import activation_maps, fine_layer
from tfgan_lab.callbacks.discriminator_maps import maps_sheet
from tfgan_lab.command_line.main import main
from tfgan_lab.plots import overlay, untile_images
from tfgan_lab.runs.training import train


def test_writes_maps_and_leaves_training_alone(make_gan, make_pictures, tmp_path):
    one, other, pictures = make_gan(), make_gan(), make_pictures(8)
    maps = tgl.callbacks.DiscriminatorMaps(tmp_path, every=2, num_images=3)
    one.fit(pictures, epochs=3, verbose=0, callbacks=[maps])
    other.fit(pictures, epochs=3, verbose=0)
    assert_same_state(state_of(one), state_of(other))
    names = sorted(path.name for path in (tmp_path / "maps").iterdir())
    assert names == ["epoch_00002.png", "epoch_00003.png"]
    with Image.open(tmp_path / "maps" / "epoch_00003.png") as file:
        sheet = np.asarray(file)
    rows = untile_images(sheet, 8, 8, 12).reshape(4, 3, 8, 8, 3)
    real, fake = pictures.sample(3), one.generate(3, seed=one.seed)
    np.testing.assert_array_equal(rows[0], tgl.plots.to_uint8(real))
    np.testing.assert_array_equal(rows[2], tgl.plots.to_uint8(fake))
    layer = fine_layer(one.discriminator)
    for images, shown in ((real, rows[1]), (fake, rows[3])):
        found = activation_maps(one.discriminator, images, "fake", method="elementwise",
                                layer=layer)  # fmt: skip
        difference = overlay(images, found.maps).astype(int) - shown
        assert np.abs(difference).max() <= 1
    events = list((tmp_path / "events").glob("*.maps"))
    assert len(events) == 2


def test_sheets_of_grey_pictures_have_colours():
    network = tgl.networks.dcgan_discriminator(image_size=16, channels=1, widths=(4,))
    pictures = np.random.default_rng(0).uniform(-1, 1, (2, 2, 16, 16, 1))
    sheet = maps_sheet(network, *pictures)
    assert sheet.shape == (4 * 18 + 2, 2 * 18 + 2, 3)
    assert (sheet[2:18].std(axis=-1) == 0).all() and sheet[20:36].std(axis=-1).max() > 3


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
    assert "red speaks for fake" in capsys.readouterr().out
    with Image.open(tmp_path / "maps" / "discriminator.png") as sheet:
        assert sheet.size == (2 * 18 + 2, 4 * 18 + 2)
    assert main(["maps", str(tmp_path), "--layer=x"]) == 2
    assert "Expected a layer out of" in capsys.readouterr().err
    assert main(["maps", str(tmp_path), "--method=class_activation"]) == 2
    assert "Expected global average pooling" in capsys.readouterr().err
