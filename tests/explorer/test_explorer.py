import numpy as np
import pytest
from PIL import Image

import tfgan_lab as tgl
from tests.latents.generators import conditional_generator
from tfgan_lab.explorer import Explorer
from tfgan_lab.explorer.explorer import SEARCH
from tfgan_lab.explorer.shown import shown_image
from tfgan_lab.latents import LatentGenerator, Uniform, factorise
from tfgan_lab.plots import to_uint8
from tfgan_lab.runs.reading.generation import draw_latents


@pytest.fixture
def generator():
    network = tgl.networks.transposed_generator(image_size=8, latent_size=6, widths=(4, 4))
    return LatentGenerator(network)


def test_images_are_the_generators_own(generator):
    explorer = Explorer(generator)
    latents = explorer.draw(5)
    np.testing.assert_array_equal(latents, draw_latents(generator.latents, 1, seed=5)[0])
    (image,) = to_uint8(generator.generate(latents[np.newaxis]))
    # The compiled function may round the other way.
    assert np.abs(explorer.image(latents).astype(int) - image).max() <= 1


def test_moves_along_directions_and_keeps_to_bounds(generator):
    explorer = Explorer(generator, num_directions=3)
    np.testing.assert_array_equal(explorer.vectors, factorise(generator, 3).vectors)
    moved = explorer.moved(np.zeros(6), [2.0, 0.0, -1.0])
    np.testing.assert_allclose(moved, 2 * explorer.vectors[0] - explorer.vectors[2], rtol=1e-6)
    bounded = Explorer(LatentGenerator(generator.network, Uniform(6, -1, 1)))
    assert np.abs(bounded.moved(np.ones(6), [4.0] * 6)).max() <= 1
    assert len(Explorer(generator, num_directions=99).vectors) == 6


def test_directions_without_a_dense_layer():
    import keras

    network = keras.Sequential(
        [keras.Input((4,)), keras.layers.Reshape((1, 1, 4)), keras.layers.Conv2DTranspose(3, 8)]
    )
    vectors = Explorer(LatentGenerator(network), num_directions=2).vectors
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_classes():
    explorer = Explorer(LatentGenerator(conditional_generator()))
    latents = np.float32([0.5, -0.5])
    assert explorer.label(None) == 0 and explorer.label(2.0) == 2
    image = explorer.image(latents, 2)[..., 0]
    assert image.tolist() == [[128, 128], [128, 128], [191, 64]]


def test_search_tells_how_far_it_is(generator, tmp_path):
    explorer = Explorer(generator)
    Image.new("RGB", (30, 20), (200, 100, 50)).save(tmp_path / "a.png")
    told = []
    found = explorer.search(tmp_path / "a.png", progress=lambda *done: told.append(done))
    assert found.images.shape == (1, 8, 8, 3) and told[0][0] == 0
    assert told[-1] == (SEARCH["steps"], SEARCH["steps"])


def test_a_file_that_is_no_image(generator, tmp_path):
    (tmp_path / "notes.png").write_text("no image")
    with pytest.raises(ValueError, match="^Expected an image. Received: notes.png, not an image"):
        Explorer(generator).search(tmp_path / "notes.png")


def test_what_is_shown_can_be_saved():
    import base64
    import io
    import re

    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    text = shown_image(image, [[1.0, 2.0]], 'a "b"')
    assert 'download="a &quot;b&quot;.png"' in text
    (png,) = set(re.findall(r"data:image/png;base64,([^\"]+)", text))
    with Image.open(io.BytesIO(base64.b64decode(png))) as saved:
        np.testing.assert_array_equal(np.asarray(saved), image)
    (npz,) = re.findall(r"octet-stream;base64,([^\"]+)", text)
    with np.load(io.BytesIO(base64.b64decode(npz))) as held:
        assert held["latents"].tolist() == [[1.0, 2.0]]
