"""The second half of report R0: inside the generator, figures 16 to 29."""

import dataclasses

import numpy as np

from experiments.aeroplane import draw_aeroplanes
from tfgan_lab.files import write_json
from tfgan_lab.latents import (
    Inversion,
    LatentGenerator,
    interpolate,
    invert,
    scale_values,
    smoothness,
)
from tfgan_lab.markdown import table_lines
from tfgan_lab.plots import image_grid, tile_images
from tfgan_lab.randomness import Purpose, key
from tfgan_lab.reports.figures import FigureFolder
from tfgan_lab.runs.reading.latent_files import inversion_figure

# The report's figures of a generator begin here: A's are 16 to 22, B's 23 to 29.
FIRST_FIGURE = {"r0-transposed": 16, "r0-upsampling": 23}
EVERY, FACTOR = 5, 5.0  # Every fifth value of a found latent, times 5.
ROWS = 5  # Of the grid between two found latents, and its columns.


@dataclasses.dataclass(frozen=True)
class Question:
    """What the latents of a generator are asked about.

    Args:
        generator: the ``LatentGenerator``.
        training: uint8 array of shape (n, size, size, channels), n from 2, of training images.
        held_out: the same, of images of the class that training has not seen; may be empty.
        seed: int, key of all draws.
    """

    generator: LatentGenerator
    training: np.ndarray
    held_out: np.ndarray
    seed: int = 0

    def groups(self, num_images=16) -> dict:
        """Images to search latents for, by where they come from.

        Args:
            num_images: int, of each.

        Returns:
            Dict of name to images: the generator's own, of training, held out, and from outside.
        """
        drawn = self.generator.latents.sample(num_images, key(self.seed, 1, Purpose.SAMPLES))
        size = self.generator.image_shape[0]
        groups = {
            "made by the generator": self.generator.generate(drawn),
            "training": self.training[:num_images],
            "held out": self.held_out[:num_images],
            "outside": draw_aeroplanes(num_images, max(size, 16), self.seed),
        }
        return {name: images for name, images in groups.items() if len(images)}


def draw_latent_figures(question: Question, run_dir, preset) -> dict:
    """Draws the report's seven figures of a generator and answers its question in numbers.

    Args:
        question: the ``Question``.
        run_dir: where ``figures`` and ``latents.json`` are written.
        preset: which of the report's generators it stands for, a key of ``FIRST_FIGURE``.

    Returns:
        Dict of the numbers, as in ``latents.json``.
    """
    generator, seed = question.generator, question.seed
    figures = FigureFolder(run_dir, keep=True)
    number = FIRST_FIGURE[preset]
    foreign = draw_aeroplanes(1, max(generator.image_shape[0], 16), seed)
    targets = [question.training[0], foreign[0], question.training[1]]
    ours, reports = (
        invert(generator, targets, preset=name, seed=seed) for name in ("default", "r0")
    )

    def add(offset, name, figure, caption):
        title = f"fig_{number + offset:02d}_{name}"
        figures.add(title, figure, f"Figure {number + offset}: {caption}")

    add(0, "target", _images(ours.targets[:1]), "a training image, whose latents are sought.")
    add(1, "inversion_steps", _both(reports, ours, 0), _steps_caption("it", reports, ours, 0))
    scaled = [scale_values(found.latents[0], EVERY, FACTOR) for found in (reports, ours)]
    images = [
        image
        for found, latents in zip((reports, ours), scaled, strict=True)
        for image in (found.images[0], *generator.generate(latents[np.newaxis]))
    ]
    add(
        2,
        "scaled_latents",
        _images(images, ["report's", f"times {FACTOR:g}", "ours", f"times {FACTOR:g}"]),
        f"both found latents, and with every {EVERY}th value times {FACTOR:g}, as "
        f"far out as {generator.latents.plausibility(scaled).max():.0%} of all draws, or farther.",
    )
    add(3, "foreign_target", _images(ours.targets[1:2]), "a target from outside: an aeroplane.")
    steps = _steps_caption("the aeroplane", reports, ours, 1)
    add(4, "foreign_inversion_steps", _both(reports, ours, 1), steps)
    caption = f"a second training image; found with errors {_errors(reports, ours, 2)}."
    add(5, "second_target", _second(reports, ours), caption)
    paths = {
        f"{name}, {method}": interpolate(
            generator, found.latents[0], found.latents[2], steps=ROWS * ROWS, method=method
        )
        for name, found in (("report's latents", reports), ("our latents", ours))
        for method in ("linear", "spherical")
    }
    sheets = [tile_images(images, columns=ROWS) for images in paths.values()]
    add(
        6,
        "interpolation",
        image_grid(np.stack(sheets), columns=2, labels=list(paths), inches=3.2),
        "weighted means of the two found latents, from upper left to lower right, row by row; "
        "the report's way is the first.",
    )
    numbers = answer(question) | {
        "paths": {name: dataclasses.asdict(smoothness(images)) for name, images in paths.items()}
    }
    write_json(figures.folder.parent / "latents.json", numbers)
    figures.add("inversion_errors", _sheet_of_groups(question), _numbers_caption(numbers))
    figures.write_index()
    return numbers


def answer(question: Question) -> dict:
    """How near images of each group are found, and how far out: in numbers.

    Args:
        question: the ``Question``.

    Returns:
        Dict with ``inversion``: group to settings to number of images, quartiles of the mean
        squared error, and median plausibility and norm of the found latents.
    """
    rows = {}
    for name, images in question.groups().items():
        rows[name] = {
            preset: summary(
                invert(question.generator, images, preset=preset, seed=question.seed, keep=())
            )
            for preset in ("default", "r0")
        }
    return {"inversion": rows}


def summary(found: Inversion) -> dict:
    """Quartiles of the errors, and medians of how far out the latents lie.

    Args:
        found: the ``Inversion``.
    """
    quartiles = np.quantile(found.errors, [0.25, 0.5, 0.75])
    return {
        "num_images": len(found),
        "mse_quartiles": quartiles.tolist(),
        "median_plausibility": float(np.median(found.plausibility)),
        "median_norm": float(np.median(found.norms)),
    }


def lines_of(numbers) -> list:
    """The numbers as two tables in Markdown.

    Args:
        numbers: what ``draw_latent_figures`` returned.
    """
    rows = []
    for name, by_preset in numbers["inversion"].items():
        for preset, row in by_preset.items():
            low, median, high = (f"{value:.4f}" for value in row["mse_quartiles"])
            share = f"{row['median_plausibility']:.0%} of draws"
            rows.append([name, row["num_images"], preset, median, f"{low} to {high}", share])
    heads = ["images", "n", "settings", "median MSE", "quartiles", "as far out lie"]
    paths = [[name, f"{path['detour']:.2f}", f"{path['largest_jump']:.2f}"]
             for name, path in numbers["paths"].items()]  # fmt: skip
    path_heads = ["method", "detour", "largest step by the mean one"]
    return [*table_lines(heads, rows), "", *table_lines(path_heads, paths)]


def _images(images, labels=()):
    return image_grid(np.stack(images), columns=len(images), labels=labels, inches=2)


def _both(reports, ours, index):
    """The kept steps of both searches of one target, a row each."""
    columns = max(len(found.kept_steps) for found in (reports, ours))
    images, labels = [], []
    for name, found in (("report's", reports), ("ours", ours)):
        kept = found.kept_images[index]
        blank = np.ones((columns - len(kept), *kept.shape[1:]), kept.dtype)
        images.append(np.concatenate([kept, blank]))
        losses = found.losses[index, list(found.kept_steps)]
        steps = zip(found.kept_steps, losses, strict=True)
        labels += [f"{name}, step {step}, {loss:.3f}" for step, loss in steps] + [""] * len(blank)
    return image_grid(np.concatenate(images), columns=columns, labels=labels, inches=1.6)


def _steps_caption(what, reports, ours, index):
    return (
        f"the way to {what}, with the report's settings after 0, 1, 4, 10, 20, 40 steps, and with "
        f"the default ones; errors at the end {_errors(reports, ours, index)}; of all draws "
        f"{reports.plausibility[index]:.0%} and {ours.plausibility[index]:.0%} lie as far out."
    )


def _errors(reports, ours, index):
    return f"{reports.errors[index]:.4f} and {ours.errors[index]:.4f}"


def _second(reports, ours):
    images = [ours.targets[2], reports.images[2], ours.images[2]]
    return _images(images, ["target", "found, report's", "found, ours"])


def _sheet_of_groups(question):
    """Four targets of every group, a row each, and what is found of them."""
    targets = [image for images in question.groups(4).values() for image in images]
    return inversion_figure(invert(question.generator, targets, seed=question.seed))


def _numbers_caption(numbers):
    medians = ", ".join(
        f"{name} {by_preset['default']['mse_quartiles'][1]:.4f} "
        f"({by_preset['r0']['mse_quartiles'][1]:.4f} with the report's settings)"
        for name, by_preset in numbers["inversion"].items()
    )
    return f"Four images of each kind and what is found of them. Median errors: {medians}."
