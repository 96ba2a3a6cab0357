"""The verb ``convert``: any source as TFRecord shards or an npz file."""

import shlex

from tfgan_lab.command_line.shared_flags import define_flag
from tfgan_lab.command_line.source_flags import define_source_flags, source_from_flags
from tfgan_lab.console import progress, suggest
from tfgan_lab.runs.settings.validity import ConfigError

USAGE = """usage: tfgan-lab convert SOURCE --output=FOLDER [--format=tfrecord] [--image_size=64]

Decodes and resizes the images of a folder, or of an .npz, idx or TFRecord file (or --tfds_name or
--drawn) once, and writes them to FOLDER with a manifest and checksums, which are compared whenever
they are read: train with --data_dir=FOLDER. --image_size=0 keeps every image as it is."""


def define_flags(values):
    """Defines the verb's flags."""
    define_source_flags(values)
    define_flag(values, "output", "", "folder to write to")
    define_flag(values, "format", "tfrecord", "what to write", choices=("tfrecord", "npz"))
    define_flag(values, "channels", "3", "3 for RGB, 1 for grey", choices=("1", "3"))
    define_flag(values, "shard_size", 2000, "images in a TFRecord shard", low=1)
    define_flag(values, "overwrite", False, "replace an earlier conversion")


def run(arguments, values):
    """Converts, and says what was left out."""
    from tfgan_lab.data.conversion import convert
    from tfgan_lab.data.findings import printable
    from tfgan_lab.data.sources import ProgressSource

    if not values.output:
        raise ConfigError("Expected --output=FOLDER to write to. Received: none")
    source = source_from_flags(arguments, values)
    with progress("Converting", unit=f"{source.noun}s") as update:
        manifest = convert(
            ProgressSource(source, update),
            values.output,
            format=values.format,
            image_size=values.image_size,
            channels=int(values.channels),
            shard_size=values.shard_size,
            overwrite=values.overwrite,
        )
    for name, reason in manifest["left_out"]:
        print(f"Left out: {printable(name)}: {reason}")
    files = manifest["files"]
    size = sum(file["num_bytes"] for file in files) / 1e6
    print(
        f"{manifest['num_images']} images from {source} in {len(files)} "
        f"{'file' if len(files) == 1 else 'files'} of {size:.1f} MB, in {values.output}."
    )
    suggest(f"tfgan-lab train --data_dir={shlex.quote(values.output)} --run_dir=runs/first")
