"""Report R2's open question: is a rare class generated right, and does balanced sampling help?"""

import dataclasses
import itertools
import sys

from absl import flags

from experiments.comparison import chosen, comparison_folder, described, numbers, write_results
from tfgan_lab.command_line.arguments import refuse_without_effect
from tfgan_lab.command_line.flags import config_from_flags, define_run_flags
from tfgan_lab.command_line.main import run_command
from tfgan_lab.command_line.verb_sweep import seeds_from_flags
from tfgan_lab.markdown import table_lines
from tfgan_lab.runs.settings.validity import ConfigError

USAGE = """usage: python -m experiments.rare_classes --run_dir=FOLDER [--shares=1,0.2,0.05,0.02]

Trains on drawn vehicles of which one type is rarer than the others: as many, a fifth, a twentieth
and a fiftieth; with natural sampling, where it is seen as rarely as there are images of it, and
balanced, where every class is seen as often. Each training is a run of its own in RUN_DIR, so the
same command resumes where it was stopped, and takes what is complete from there.

Ends with RUN_DIR/rare.md and RUN_DIR/figures/fig_rare_classes.png: how many images of the rare
type are read as such, beside those of the others; how far they are from new drawings of the type;
how varied they are; and whether they are copies of the few there were. Preset from-scratch at 32
pixels with --images=100k: some 15 minutes of one core's time for a training, and 2 hours for the
eight of one seed."""

SAMPLINGS = ("natural", "balanced")
GENERATED = 400  # images of the rare type, and as many of the others
SEED_OF_NEW = 1_000_003  # drawings that no training sees


def define_flags(values):
    """The flags of a run, and what to vary."""
    define_run_flags(values)
    flags.DEFINE_list(
        "shares", ["1", "0.2", "0.05", "0.02"], "of the rare type's images", flag_values=values
    )
    flags.DEFINE_list("samplings", list(SAMPLINGS), "natural, balanced", flag_values=values)
    flags.DEFINE_integer("rare_class", 5, "number of the rare type", flag_values=values)
    flags.DEFINE_list("seeds", ["0"], "a training for each", flag_values=values)


def run(arguments, values):
    """Trains all variants, measures them, and writes table and figure."""
    from tfgan_lab.data.drawn.vehicles import BODY_TYPES
    from tfgan_lab.reports import write_gallery
    from tfgan_lab.reports.figures import FigureFolder

    folder = comparison_folder(arguments, values)
    if not 0 <= values.rare_class < len(BODY_TYPES):
        raise ConfigError(
            f"Expected --rare_class from 0 to {len(BODY_TYPES) - 1}. Received: {values.rare_class}"
        )
    refuse_without_effect(values, ["class_sampling"], "--samplings")
    variants = list(itertools.product(
        numbers(values, "shares", 1e-6, 1.0), chosen(values, "samplings", SAMPLINGS),
        seeds_from_flags(values),
    ))  # fmt: skip
    if described(values, [_config(values, folder, *variants[0])]):
        print(f"{len(variants)} trainings of this kind.")
        return
    rows = []
    for number, variant in enumerate(variants, 1):
        config = _config(values, folder, *variant)
        print(f"{number} of {len(variants)}: {config.run_dir}")
        share, sampling, seed = variant
        row = {"share": share, "sampling": sampling, "seed": seed}
        rows.append(row | train_and_measure(config, values.rare_class, share, values.overwrite))
        # After every training, so that there is something to be looked at before the last.
        lines = lines_of(rows, BODY_TYPES[values.rare_class])
        text = write_results(folder, "rare", lines, rows)
        figures = FigureFolder(folder)
        caption = f"One type ({BODY_TYPES[values.rare_class]}) rarer than the other seven."
        figures.add("fig_rare_classes", draw(rows), caption)
        figures.write_index()
        write_gallery(folder)
    print(text)


def _config(values, folder, share, sampling, seed):
    config = config_from_flags(
        values, preset="from-scratch", drawn="vehicles", conditional=True, num_drawn=1600,
        image_size=32, images="100k", augment_rotation=0.0,
    )  # fmt: skip
    run_dir = folder / f"share_{share:g}_{sampling}_seed_{seed}"
    return dataclasses.replace(config, class_sampling=sampling, seed=seed, run_dir=str(run_dir))


def _fraction(share):
    parts = round(1 / share)
    return f"1/{parts}" if abs(1 / share - parts) < 1e-6 else f"{share:g}"


def train_and_measure(config, rare_class, share, overwrite=False) -> dict:
    """Trains on images of which one class is thinned, and measures it.

    Args:
        config: ``RunConfig`` of drawn vehicles.
        rare_class: int, the class.
        share: float in (0, 1], how many of its images are left.
        overwrite: whether to start over.

    Returns:
        Dict of ``num_rare``, how many images of it there were, and what ``measure`` returned.
    """
    from tfgan_lab.reports.run_page import reported
    from tfgan_lab.runs import load_images, train
    from tfgan_lab.runs.reading.generation import open_generator

    images = load_images(config).thinned(rare_class, share)
    with reported(config.run_dir):
        train(config, images=images, overwrite=overwrite, verbose=0)
    few = images.images[images.labels == rare_class]
    return {"num_rare": len(few)} | measure(open_generator(config.run_dir), rare_class, few)


def measure(generator, rare_class, few) -> dict:
    """Measures what a generator of drawn vehicles makes of one class.

    Args:
        generator: ``LatentGenerator``, or what has its ``generate`` and ``latents``.
        rare_class: int.
        few: uint8 array of shape (n, size, size, 3), images of the class it was trained on.

    Returns:
        Dict of ``rare`` and ``others``, the shares of images that are read as the class they were
        conditioned on; ``kid`` of the rare class from new drawings of it, in random features, and
        ``kid_real_baseline`` of such drawings from others; ``diversity``, mean distance of two of
        them over that of two new drawings; and ``copying``, how much nearer they are to the
        images trained on than new drawings are (1 for not at all, 0 for copies).
    """
    import numpy as np

    from tfgan_lab.data.drawn.vehicles import NUM_TYPES, draw_vehicle, read_body_types
    from tfgan_lab.metrics import RandomEmbedding, copying_ratio, diversity_ratio, kernel_distance
    from tfgan_lab.runs.reading.generation import draw_latents

    size = few.shape[1]
    new, others_new = (
        np.stack([draw_vehicle(seed, index, size, rare_class)[0] for index in range(GENERATED)])
        for seed in (SEED_OF_NEW, SEED_OF_NEW + 1)
    )
    rest = [label for label in range(NUM_TYPES) if label != rare_class]
    asked = np.resize(rest, GENERATED)
    rare = generator.generate(draw_latents(generator.latents, GENERATED, seed=1), rare_class)
    others = generator.generate(draw_latents(generator.latents, GENERATED, seed=2), asked)
    embed = RandomEmbedding(new)
    points, new_points = embed(rare), embed(new)
    distance = kernel_distance(points, new_points)
    return {
        "rare": float((read_body_types(rare) == rare_class).mean()),
        "others": float((read_body_types(others) == asked).mean()),
        "kid": distance.value,
        "kid_error": distance.standard_error,
        "kid_real_baseline": kernel_distance(embed(others_new), new_points).value,
        "diversity": float(diversity_ratio(points, new_points)),
        "copying": float(copying_ratio(points, embed(few), new_points)),
    }


def lines_of(rows, rare_name) -> list:
    """The table of all trainings, in Markdown.

    Args:
        rows: list of dicts of ``share``, ``sampling``, ``seed`` and what ``train_and_measure``
            returned.
        rare_name: str, name of the rare class.
    """
    heads = [f"{rare_name}: share", "images", "sampling", "seed", f"read as {rare_name}",
             "others read as asked", "KID", "diversity", "copying"]  # fmt: skip
    table = [
        [
            _fraction(row["share"]),
            row["num_rare"],
            row["sampling"],
            row["seed"],
            f"{row['rare']:.3f}",
            f"{row['others']:.3f}",
            f"{row['kid']:.3g} ± {row['kid_error']:.1g}",
            f"{row['diversity']:.2f}",
            f"{row['copying']:.2f}",
        ]
        for row in rows
    ]
    return table_lines(heads, table) + [
        f"\n{GENERATED} generated images each. KID is within the rare class, from new drawings "
        f"of it, in features of a random network; of new drawings from others it is "
        f"{rows[0]['kid_real_baseline']:.2g}. Diversity and copying are 1 for new drawings; 0 is "
        "one image, and copies of the training images."
    ]


def draw(rows):
    """Draws accuracy, diversity and copying over the number of images of the rare class.

    Args:
        rows: as for ``lines_of``.

    Returns:
        ``matplotlib.figure.Figure``.
    """
    import numpy as np
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.2), dpi=120, layout="constrained")
    titles = {
        "rare": "read as the class conditioned on",
        "diversity": "diversity (1: as new drawings)",
        "copying": "copying (0: copies)",
    }
    for axis, (name, title) in zip(figure.subplots(1, 3), titles.items(), strict=True):
        for sampling in dict.fromkeys(row["sampling"] for row in rows):
            mine = [row for row in rows if row["sampling"] == sampling]
            counts = sorted({row["num_rare"] for row in mine})
            means = [
                np.mean([row[name] for row in mine if row["num_rare"] == count]) for count in counts
            ]
            (line,) = axis.plot(counts, means, marker="o", label=sampling)
            axis.scatter(
                [row["num_rare"] for row in mine],
                [row[name] for row in mine],
                color=line.get_color(),
                s=10,
            )
        axis.set(xscale="log", ylim=(0, None), title=title, xlabel="images of the rare class")
        axis.title.set_fontsize(9)
    figure.axes[0].legend(fontsize=8)
    return figure


if __name__ == "__main__":
    sys.exit(run_command("experiments.rare_classes", sys.modules[__name__], sys.argv[1:]))
