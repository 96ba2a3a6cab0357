import io

import numpy as np
from PIL import Image, ImageEnhance

from tfgan_lab.data.decoding import fit_square
from tfgan_lab.data.similarity import (
    difference_hashes,
    farthest,
    near_duplicates,
    thumbnails,
)


def noise(count, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 16, 16, 3)).astype(np.uint8)


def test_thumbnails_are_means_of_blocks():
    images = np.random.default_rng(0).integers(0, 256, (2, 48, 48, 3)).astype(np.uint8)
    expected = images.reshape(2, 16, 3, 16, 3, 3).mean(axis=(2, 4)).round()
    np.testing.assert_array_equal(thumbnails(images), expected)
    for size in (1, 17, 28, 100):
        assert (thumbnails(np.full((1, size, size, 3), 77, np.uint8)) == 77).all()
    small = noise(1)[:, :8, :8]  # Enlarged by repeating pixels.
    np.testing.assert_array_equal(thumbnails(small), small.repeat(2, axis=1).repeat(2, axis=2))


def test_hash_tells_where_brightness_rises():
    columns = np.array([0, 10, 20, 30, 40, 50, 60, 70, 80, 70, 60, 50, 40, 30, 20, 10])
    thumb = np.broadcast_to(columns[None, None, :, None], (1, 16, 16, 3)).astype(np.uint8)
    # Nine places at 0, 1.875, ..., 15: up to place 7.5 it rises, from there it falls.
    assert difference_hashes(thumb).reshape(8, 8).tolist() == [[True] * 4 + [False] * 4] * 8


def test_groups_hold_copies_and_mirrored_copies():
    some = noise(40)
    near = np.clip(
        some[3].astype(int) + np.random.default_rng(1).integers(-5, 6, some[3].shape), 0, 255
    )
    thumbs = np.concatenate([some, near[None].astype(np.uint8), some[7:8, :, ::-1], some[3:4]])
    assert near_duplicates(thumbs) == [[3, 40, 42], [7, 41]]
    assert near_duplicates(some) == []
    assert near_duplicates(some[:1]) == [] and near_duplicates(some[:0]) == []


def test_groups_do_not_depend_on_how_many_are_compared_at_a_time(monkeypatch):
    thumbs = np.concatenate([noise(30), noise(30)[::-1]])
    whole = near_duplicates(thumbs)
    monkeypatch.setattr("tfgan_lab.data.similarity._ROWS", 7)
    assert near_duplicates(thumbs) == whole == [[i, 59 - i] for i in range(30)]


def test_farthest_finds_the_odd_one():
    rng = np.random.default_rng(0)
    smooth = rng.normal(128, 40, (200, 4, 4, 3)).repeat(4, axis=1).repeat(4, axis=2)
    thumbs = np.clip(smooth, 0, 255).astype(np.uint8)
    odd = thumbs[50].copy()
    odd[::2] = 255
    thumbs[50] = odd
    assert farthest(thumbs, 3)[0] == 50 and len(farthest(thumbs, 3)) == 3
    assert len(farthest(thumbs[:2])) == 0
    assert sorted(farthest(np.full((5, 16, 16, 3), 9, np.uint8))) == [0, 1, 2, 3, 4]


def test_round_canvases_among_real_paintings(real_images):
    names = sorted(path.name for path in (real_images / "monet").iterdir())
    images = [fit_square(Image.open(real_images / "monet" / name), 64) for name in names]
    thumbs = thumbnails(np.stack(images))
    found = {names[place] for place in farthest(thumbs, 12)}
    assert {"c78b4fa3a9.jpg", "cb50326950.jpg"} <= found  # The only ones of these 300.
    assert near_duplicates(thumbs) == []


def test_changed_copies_of_real_photographs_are_found(real_images):
    paths = sorted((real_images / "photos").iterdir())[:60]
    images = [Image.open(path).convert("RGB") for path in paths]

    def changed(image):
        buffer = io.BytesIO()
        image = ImageEnhance.Brightness(image.resize((128, 128))).enhance(1.1)
        image.save(buffer, "JPEG", quality=40)
        return Image.open(buffer)

    both = images + [changed(image) for image in images]
    groups = near_duplicates(thumbnails(np.stack([fit_square(image, 64) for image in both])))
    assert groups == [[index, index + 60] for index in range(60)]
