"""Report R0: spaghetti, with two generators."""

import sys

from absl import flags

from experiments.comparison import described
from tfgan_lab.command_line.arguments import only_flags
from tfgan_lab.command_line.flags import config_from_flags, define_run_flags
from tfgan_lab.command_line.main import run_command
from tfgan_lab.runs.settings.validity import ConfigError

USAGE = """usage: python -m experiments.spaghetti --data_dir=FOLDER --run_dir=FOLDER [--preset=...]

Report R0: a GAN on 345 images of spaghetti, with its generator A (--preset=r0-transposed, the
default) or B (--preset=r0-upsampling). Without --data_dir it draws its own 345 plates. Ends with
the report's figures 1 to 9 (A) or 1 to 3 and 10 to 15 (B) in RUN_DIR/figures; with fewer --epochs
than the report's 5700 and 4600, at the same fractions of training. On two processor cores an epoch
takes half a minute or more, so give a number of epochs.

--latents adds figures 16 to 22 (A) or 23 to 29 (B): images whose latents are searched for, and
the ways between them; and latents.json, the report's question in numbers. With
--generator_file=FILE any released generator takes the trained one's place; nothing is trained."""


# The report's epochs with a figure, by preset: number of the figure to epoch; and of how many.
FIGURES = {
    "r0-transposed": ({4: 10, 5: 100, 6: 700, 7: 1000, 8: 3000, 9: 5400}, 5700),
    "r0-upsampling": ({10: 10, 11: 100, 12: 950, 13: 1000, 14: 2500, 15: 4200}, 4600),
}
NUM_HELD_OUT = 16  # Drawn images beyond those that are trained on.


def define_flags(values):
    """Defines the run's flags and those of the figures of latents."""
    define_run_flags(values)
    flags.DEFINE_bool("latents", False, "search for latents, figures 16 to 29", flag_values=values)
    flags.DEFINE_string(
        "generator_file", "", "with --latents, a generator.keras of these images; trains nothing",
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_string(
        "held_out_dir", "", "with --latents, folder of images that training has not seen",
        flag_values=values,
    )  # fmt: skip


def figure_epochs(preset, epochs):
    """At which epochs of a run the report's figures fall.

    Args:
        preset: ``"r0-transposed"`` or ``"r0-upsampling"``.
        epochs: int, epochs of the run; fewer than the report's scale all of them.

    Returns:
        Dict of the figure's number to (the run's epoch, the report's epoch).
    """
    from experiments.epoch_sheets import scaled_epochs

    reported, total = FIGURES[preset]
    return dict(zip(reported, scaled_epochs(reported.values(), total, epochs), strict=True))


def run(arguments, values):
    """Trains and draws the figures."""
    only_flags(arguments)
    config = config_from_flags(values, preset="r0-transposed", drawn="plates")
    if config.preset not in FIGURES:
        raise ConfigError(
            f"Expected --preset out of {', '.join(FIGURES)}. Received: {config.preset!r}"
        )
    if described(values, [config]):
        return
    if (values.generator_file or values.held_out_dir) and not values.latents:
        raise ConfigError("Expected --latents with --generator_file and --held_out_dir")
    if values.generator_file:
        draw_latents(config, values.generator_file, values.held_out_dir)
        return
    from tfgan_lab.reports.run_page import reported
    from tfgan_lab.runs import load_images, train

    # Read here already: the epochs of the figures depend on how many images there are.
    images = load_images(config)
    epochs = config.total_epochs(images.steps_per_epoch)
    planned = figure_epochs(config.preset, epochs)
    with reported(config.run_dir):
        train(
            config,
            images=images,
            overwrite=values.overwrite,
            snapshot_epochs=[epoch for epoch, _ in planned.values()],
        )
        draw_figures(config, images, planned)
        if values.latents:
            draw_latents(config, config.run_dir, values.held_out_dir)
    print(f"Done. Look at {config.run_dir}/report.html")


def draw_figures(config, images, planned):
    """Writes the report's figures and their index.

    Args:
        config: the run's ``RunConfig``; its snapshots are read.
        images: the run's ``ImageSet``.
        planned: what ``figure_epochs`` returned.
    """
    import numpy as np

    from experiments.epoch_sheets import sheet_near
    from tfgan_lab.callbacks.csv_log import read_log
    from tfgan_lab.plots import image_grid, loss_curves
    from tfgan_lab.reports.figures import FigureFolder
    from tfgan_lab.runs import build_model

    run_dir, kind = config.run_dir, config.generator
    figures = FigureFolder(run_dir)

    untrained = build_model(config).generate(1, seed=config.seed)[0]
    # Untrained images are nearly uniform: only stretched to its own range the channel shows.
    channel = untrained[..., :1]
    stretched = 2 * (channel - channel.min()) / np.ptp(channel) - 1
    stretched = np.repeat(stretched, untrained.shape[-1], axis=-1)
    figures.add(
        "fig_01_untrained",
        image_grid([untrained, stretched], labels=["colours", "first channel"], inches=3),
        f"Figure 1: an image of the untrained {kind} generator, and its first channel alone, "
        f"stretched from {channel.min():.4f} .. {channel.max():.4f} to the full range.",
    )
    figures.add(
        "fig_02_data",
        image_grid(images.sample(12), columns=6),
        f"Figure 2: samples of the {len(images)} images.",
    )
    figures.add(
        "fig_03_augmented",
        image_grid(images.augmented(images.sample(1), 9), columns=3),
        "Figure 3: one image under random flip, zoom and rotation.",
    )
    for number, (wanted, reported) in planned.items():
        epoch, sheet = sheet_near(run_dir, wanted)
        figures.add(
            f"fig_{number:02d}_{kind}_epoch_{epoch:05d}",
            image_grid(sheet[np.newaxis], columns=1, inches=6),
            f"Figure {number}: the {kind} generator after epoch {epoch}, 24 fixed latents"
            + (f" (the report's figure shows epoch {reported})." if epoch != reported else "."),
        )
    figures.add(
        "losses",
        loss_curves(read_log(run_dir)),
        "Mean losses, logits and gradient norms by epoch.",
    )
    figures.write_index()


def draw_latents(config, generator_path, held_out_dir=""):
    """Writes the figures of latents, and prints and writes the numbers.

    Args:
        config: the run's ``RunConfig``: its images, seed, preset and directory.
        generator_path: of the released generator, or of the run that has it.
        held_out_dir: folder of images that training has not seen. Where the images are drawn,
            the next ones are.
    """
    import numpy as np

    from experiments.spaghetti_latents import Question, draw_latent_figures, lines_of
    from tfgan_lab import data
    from tfgan_lab.runs.reading.generation import open_generator
    from tfgan_lab.runs.settings.named_source import open_source

    if not config.run_dir:
        raise ConfigError("Expected --run_dir=FOLDER to write the figures to")
    generator = open_generator(generator_path)
    size, _, channels = generator.image_shape
    if config.drawn:
        both = data.plates(config.num_drawn + NUM_HELD_OUT, image_size=size, seed=config.seed)
        training, held_out = np.split(both.images, [config.num_drawn])
    else:
        source = open_source(config.to_dict())
        training = data.from_source(source, image_size=size, channels=channels).images
        held_out = training[:0]
    if held_out_dir:
        held_out = data.from_folder(held_out_dir, image_size=size, channels=channels).images
    question = Question(generator, training, held_out, config.seed)
    numbers = draw_latent_figures(question, config.run_dir, config.preset)
    print("\n".join(lines_of(numbers)))
    print(f"Figures of latents in {config.run_dir}/figures, the numbers in latents.json")


if __name__ == "__main__":
    sys.exit(run_command("experiments.spaghetti", sys.modules[__name__], sys.argv[1:]))
