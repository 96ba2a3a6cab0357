"""Whether maps of evidence show the right place, on drawn images whose regions are known.

    python -m benchmarks.maps [--steps=600] [--table=docs/tables/maps]

A classifier learns to tell plates from the same plates without sauce, another vehicles from the
same without wheels, and a discriminator plates from plates with a foreign patch. Then: what share
of a map's mass lies within the sauce, the wheels, or the patch, on images that none has seen?
Against a map that is the same everywhere, and against one that knows only where the region mostly
is. Takes about three minutes.
"""

import keras
import numpy as np
from absl import app, flags

from benchmarks.drawn_regions import (
    draw_plates_without_sauce,
    draw_sauce_regions,
    draw_vehicles_without_wheels,
    draw_wheel_regions,
)
from benchmarks.tables import write_table
from tfgan_lab import networks
from tfgan_lab.attribution import activation_maps, mass_inside
from tfgan_lab.data.drawn.plates import draw_plates
from tfgan_lab.data.drawn.vehicles import draw_vehicles
from tfgan_lab.markdown import table_lines
from tfgan_lab.plots import image_rows, overlay

FLAGS = flags.FLAGS
NUM_TESTED = 100
TEST_SEED = 1000  # Images that no network has seen.

# Functions of (count, size, seed): things with a part, the same without it, where the part is.
PARTS = {
    "sauce": (
        lambda *arguments: draw_plates(*arguments)[0],
        draw_plates_without_sauce,
        draw_sauce_regions,
    ),
    "wheels": (
        lambda *arguments: draw_vehicles(*arguments)[0],
        draw_vehicles_without_wheels,
        draw_wheel_regions,
    ),
}


def part_classifier(without, complete, steps) -> keras.Model:
    """Trains a network with an exact head to tell images of things from those without a part.

    Args:
        without: uint8 array of shape (n, size, size, channels).
        complete: uint8 array of the same shape, the same things with that part.
        steps: int, batches of 32.
    """
    images, size = np.stack([without, complete]), complete.shape[1]
    network = networks.pooled_classifier(image_size=size, num_classes=2, widths=(16, 32, 32))

    def batch(rng):
        labels = rng.integers(0, 2, 32)
        chosen = images[labels, rng.integers(0, len(complete), 32)]
        return shifted(chosen, chosen[..., 0], rng)[0], labels

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return _trained(network, loss, batch, steps)


def patch_discriminator(count, size, steps) -> keras.Model:
    """Trains report R3's kind of discriminator to tell plates from plates with a foreign patch.

    Args:
        count: int, plates of each kind.
        size: int, pixels.
        steps: int, batches of 32.
    """
    images = draw_plates(count, size)[0]
    network = networks.dcgan_discriminator(
        image_size=size, widths=(16, 32), kernel_size=5, batch_norm=False, dropout=0.3
    )

    def batch(rng):
        chosen = images[rng.integers(0, count, 32)]
        fake, _ = patched(chosen[:16], rng)
        return np.concatenate([fake, chosen[16:]]), np.repeat([0.0, 1.0], 16)

    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    return _trained(network, loss, batch, steps)


def shifted(images, regions, rng) -> tuple:
    """Images and regions moved anywhere, what leaves on one side coming in on the other.

    The sauce lies near the middle of every plate, the wheels at its foot: a map of the usual place
    would do well.

    Args:
        images: array of shape (n, size, size, channels).
        regions: array of shape (n, size, size).
        rng: ``np.random.Generator``.
    """
    shifts = rng.integers(0, images.shape[1], (len(images), 2))

    def moved(arrays):
        pairs = zip(arrays, shifts, strict=True)
        return np.stack([np.roll(each, shift, axis=(0, 1)) for each, shift in pairs])

    return moved(images), moved(regions)


def patched(images, rng) -> tuple:
    """Images with a square of a quarter of their side turned upside down and negative.

    Args:
        images: uint8 array of shape (n, size, size, channels).
        rng: ``np.random.Generator`` of the squares' places.

    Returns:
        The images, and float32 regions of shape (n, size, size).
    """
    images, size = images.copy(), images.shape[1]
    side = size // 4
    regions = np.zeros(images.shape[:3], np.float32)
    for image, region in zip(images, regions, strict=True):
        top, left = rng.integers(0, size - side + 1, 2)
        square = np.s_[top : top + side, left : left + side]
        image[square] = 255 - image[square][::-1]
        region[square] = 1
    return images, regions


def _trained(network, loss, batch, steps):
    network.compile(keras.optimizers.Adam(1e-3), loss)
    rng = np.random.default_rng(0)
    for _ in range(steps):
        images, labels = batch(rng)
        network.train_on_batch(_scaled(images), labels)
    return network


def _scaled(images):
    return images.astype(np.float32) / 127.5 - 1


def shares(network, images, regions, target) -> dict:
    """Mean share of the maps' mass within the regions, by method, and of the two baselines.

    Args:
        network: ``keras.Model``.
        images: uint8 array.
        regions: float array of shape (n, height, width).
        target: see ``activation_maps``.

    Returns:
        Dict of a method's name to a float.
    """
    uniform = np.ones_like(regions)
    usual = np.broadcast_to(regions.mean(axis=0), regions.shape)
    maps = {"uniform": uniform, "where it mostly is": usual}
    for method in ("class_activation", "gradient_weighted", "elementwise"):
        try:
            found = activation_maps(network, _scaled(images), target, method=method)
        except ValueError:
            continue  # No head for an exact class activation map.
        maps[method] = found.maps
    return {name: float(np.nanmean(mass_inside(each, regions))) for name, each in maps.items()}


def main(_):
    """Trains all three, and prints the table."""
    size, rng = FLAGS.size, np.random.default_rng(TEST_SEED)
    keras.utils.set_random_seed(0)
    found, told, rows = {}, {}, {}
    for part, (complete, without, regions) in PARTS.items():
        network = part_classifier(
            without(FLAGS.images, size), complete(FLAGS.images, size), FLAGS.steps
        )
        tested = complete(NUM_TESTED, size, TEST_SEED)
        moved, where = shifted(tested, regions(NUM_TESTED, size, TEST_SEED), rng)
        found[part] = shares(network, moved, where, 1)
        told[part] = _right(network, moved, without(NUM_TESTED, size, TEST_SEED))
        rows |= _rows(part, network, moved[:8], 1, ("class_activation", "gradient_weighted"))
    network = patch_discriminator(FLAGS.images, size, FLAGS.steps)
    plates = draw_plates(NUM_TESTED, size, TEST_SEED)[0]
    broken, where = patched(plates, rng)
    found["patch"] = shares(network, broken, where, "fake")
    told["patch"] = _right(network, plates, broken)
    rows |= _rows("patch", network, broken[:8], "fake", ("gradient_weighted", "elementwise"))
    write_table("maps", lines_of(found, told))
    if FLAGS.figure:
        image_rows(rows).savefig(f"{FLAGS.figure}.png")


def _right(network, yes, no):
    """Share of both kinds that the network tells, by its higher score or its logit's sign."""
    scores = [network(_scaled(images)).numpy() for images in (yes, no)]
    answers = [each.argmax(axis=1) == 1 if each.shape[1] > 1 else each[:, 0] > 0 for each in scores]
    return (answers[0].mean() + 1 - answers[1].mean()) / 2


def _rows(name, network, images, target, methods):
    rows = {name: images}
    for method in methods:
        maps = activation_maps(network, _scaled(images), target, method=method).maps
        rows[f"{name},\n{method.replace('_', ' ')}"] = overlay(images, maps)
    return rows


def lines_of(found, told) -> list:
    """The table in Markdown.

    Args:
        found: dict of what is looked for to what ``shares`` returned.
        told: dict of the same to the share of images that the network tells right.
    """
    methods = dict.fromkeys(name for each in found.values() for name in each)
    rows = [
        [name.replace("_", " "),
         *(f"{each[name]:.2f}" if name in each else "–" for each in found.values())]
        for name in methods
    ]  # fmt: skip
    accuracies = ", ".join(f"{name} {share:.0%}" for name, share in told.items())
    return table_lines(["share of the maps' mass inside", *found], rows) + [
        f"\n{NUM_TESTED} images of {FLAGS.size} pixels that were not trained on. Told right with "
        f"and without: {accuracies}."
    ]


def define_flags():
    """Not on import: the functions above are used elsewhere, beside other flags."""
    flags.DEFINE_integer("images", 300, "images of each kind to train on", lower_bound=8)
    flags.DEFINE_integer("steps", 600, "batches of 32 to train on", lower_bound=1)
    flags.DEFINE_integer("size", 64, "height and width of the images", lower_bound=16)
    flags.DEFINE_string("figure", "", "write FILE.png")


if __name__ == "__main__":
    define_flags()
    app.run(main)
