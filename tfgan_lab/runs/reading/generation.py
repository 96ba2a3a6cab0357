"""Images from a released generator."""

import pathlib

from tfgan_lab import run_layout
from tfgan_lab.callbacks.generator_release import read_class_names
from tfgan_lab.files import write_atomically
from tfgan_lab.latents.distributions import LatentDistribution
from tfgan_lab.latents.generator import LatentGenerator, as_generator
from tfgan_lab.latents.named import distribution
from tfgan_lab.latents.perturbation import truncate
from tfgan_lab.models import NetworkPair, load_model
from tfgan_lab.plots.grids import png_bytes, tile_images
from tfgan_lab.randomness import Purpose, key
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.run_record import read_record

MOST_NAMED = 20  # classes in an error's sentence
LEAST_SIDE = 128  # of an image on a sheet: smaller ones can hardly be seen


def generator_file(path) -> pathlib.Path:
    """Finds the released generator of a run.

    Args:
        path: of a run directory, or of a ``.keras`` file.

    Raises:
        ConfigError: there is none.
    """
    path = pathlib.Path(path)
    file = path / run_layout.GENERATOR if path.is_dir() else path
    if not file.is_file():
        when = "every --checkpoint_every epochs and when it ends"
        if file.name == run_layout.LAST_GENERATOR:
            when = "with --evaluate_every, beside the one that it chose"
        raise ConfigError(
            f"Expected a released generator at {file}. Received: none; a run writes it {when}"
        )
    return file


def open_generator(path, latents="") -> LatentGenerator:
    """Loads a released generator, with or without classes, and names what its latents are.

    Args:
        path: of a run directory, or of a ``.keras`` file.
        latents: name of the distribution that it was trained with, see
            ``tfgan_lab.latents.distribution``; unless given, what the run says, or standard
            normal.

    Raises:
        ValueError: no file, no generator, or an unknown distribution.
    """
    file = generator_file(path)
    network = load_model(file, compile=False)
    if translates(network):
        raise ConfigError(
            f"Expected a generator from latents at {file}. Received: one that translates images; "
            "'tfgan-lab translate' uses it"
        )
    generator = LatentGenerator(network, class_names=read_class_names(file))
    name = latents or _latents_of(file.parent)
    return as_generator(generator, distribution(name, generator.latents.size))


def translates(network) -> bool:
    """Whether a released generator takes images, and no latents.

    Args:
        network: what ``load_model`` returned for it.
    """
    return isinstance(network, NetworkPair) or len(network.inputs[0].shape) == 4


def label_of(generator, text, required=False):
    """The class that was asked for.

    Args:
        generator: ``LatentGenerator``.
        text: str, a number from 0 or a class's name; or ``None``.
        required: whether a generator with classes must be given one.

    Returns:
        Int, or ``None`` where nothing was asked for.

    Raises:
        ConfigError: no such class, no classes at all, or none where one is required.
    """
    if text is None and not (required and generator.conditional):
        return None
    if not generator.conditional:
        raise ConfigError(
            f"Expected no labels for a generator without classes. Received: --label={text}"
        )
    names = generator.class_names
    if text in names:
        return names.index(text)
    count = generator.num_classes
    if text is not None and text.isdecimal() and (count is None or int(text) < count):
        return int(text)
    allowed = "a number from 0" + (f" to {count - 1}" if count else "")
    if names and names != tuple(map(str, range(len(names)))):
        shown = names[:MOST_NAMED] + (("...",) if len(names) > MOST_NAMED else ())
        allowed += f" or out of {', '.join(shown)}"
    raise ConfigError(f"Expected --label as {allowed}. Received: {text or 'none'}")


def _latents_of(folder):
    """What a run's generator was trained with; one that lies elsewhere doesn't tell."""
    try:
        return read_record(folder)["settings"].get("latent_distribution", "normal")
    except (FileNotFoundError, ValueError):
        return "normal"


def draw_latents(latents: LatentDistribution, count, seed=0, truncation=1.0):
    """Latents of the images that ``generate`` shows for a seed, float32 (count, latent_size).

    Args:
        latents: the distribution.
        count: int from 1.
        seed: int from 0.
        truncation: float from 0, see ``tfgan_lab.latents.truncate``.
    """
    drawn = latents.sample(count, key(seed, 0, Purpose.SAMPLES)).numpy()
    return truncate(drawn, truncation, latents)


def write_images(images, folder, layout="both", columns=None) -> pathlib.Path:
    """Writes images.

    Args:
        images: float array of shape (n, height, width, channels) in [-1, 1].
        folder: where to write.
        layout: ``"files"``, a PNG each; ``"grid"``, one sheet; or ``"both"``.
        columns: int, of the sheet; see ``tile_images``.

    Returns:
        Path of the sheet, or of the first image where there is none.
    """
    folder = pathlib.Path(folder)
    if layout != "grid":
        for index, image in enumerate(images):
            write_atomically(folder / f"{index:05d}.png", png_bytes(image))
    if layout == "files":
        return folder / "00000.png"
    sheet = folder / "sheet.png"
    write_atomically(sheet, png_bytes(tile_images(images, columns, LEAST_SIDE)))
    return sheet
