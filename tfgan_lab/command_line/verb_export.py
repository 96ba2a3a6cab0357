"""The verb ``export``: a generator in a format that others can use, with a card."""

import shlex

from tfgan_lab import run_layout
from tfgan_lab.command_line.arguments import only_run, refuse_without_effect
from tfgan_lab.command_line.quiet import stderr_suppressed
from tfgan_lab.command_line.shared_flags import define_flag, define_latents_flag
from tfgan_lab.console import suggest

USAGE = """usage: tfgan-lab export RUN_DIR [--format=savedmodel] [--output=FOLDER] [--flags]

Writes the released generator of a run (or any generator.keras) as a SavedModel, as ONNX or for
LiteRT, with a card that says what it is and where it comes from, examples and checksums. A fresh
process opens what was written with that format's own runtime and must make the same images, or
nothing is left. Of a translator's run the translator is exported. --verify checks an export that is
there, wherever it was taken. ONNX and LiteRT take the extra 'export'."""


def define_flags(values):
    """Defines the verb's flags."""
    define_flag(
        values, "format", "savedmodel", "what to write", choices=("savedmodel", "onnx", "litert")
    )
    define_flag(values, "output", str, "folder to write to; RUN_DIR/export/FORMAT unless given")
    define_flag(
        values, "data_licence", "",
        "licence of the images it was trained on, as the card shall state it",
    )  # fmt: skip
    define_flag(
        values, "tolerance", 1e-3, "greatest difference of any value of an image, in [-1, 1], from "
        "what the generator makes", low=0.0,
    )  # fmt: skip
    define_latents_flag(values)
    define_flag(values, "overwrite", False, "replace an earlier export")
    define_flag(values, "verify", False, "check the export in this folder instead of writing one")


def run(arguments, values):
    """Exports, or checks an export."""
    from tfgan_lab.runs.export import export_generator, verify_export

    path = only_run(arguments)
    if values.verify:
        of_exports = ["format", "output", "data_licence", "tolerance", "latents", "overwrite"]
        refuse_without_effect(values, of_exports, "--verify alone, which writes nothing")
        print(f"{path} is whole. {_sentence(verify_export(path))}")
        return
    with stderr_suppressed(values.debug):
        exported = export_generator(
            path,
            values.format,
            output=values.output,
            data_licence=values.data_licence,
            tolerance=values.tolerance,
            latents=values.latents,
            overwrite=values.overwrite,
        )
    for network in exported.networks:
        print(network)
    print(_sentence(exported.check))
    print(f"What it is and how it is used: {exported.folder / run_layout.EXPORT_README}")
    if not values.data_licence:
        print("Note: the card says that no licence of the data was stated; --data_licence does.")
    suggest(f"tfgan-lab export {shlex.quote(str(exported.folder))} --verify")


def _sentence(check):
    return (
        f"{check['images']} images made with {check['runtime']} differ from the generator's by "
        f"at most {check['greatest_difference']:.2g}, of {check['tolerance']:g} allowed."
    )
