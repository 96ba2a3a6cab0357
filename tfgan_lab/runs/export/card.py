"""The card of an export: what the generator is, where it comes from, and how it is used."""

import re

import jinja2

from tfgan_lab import run_layout
from tfgan_lab.runs.export.formats import FORMATS

_DRAWS = {
    "Normal": "normal({mean}, {stddev}, (4, {size}))",
    "Uniform": "uniform({low}, {high}, (4, {size}))",
    "Gamma": "gamma({shape}, {scale}, (4, {size}))",
}
_WORDS = {
    "Normal": "normal with mean {mean:g} and standard deviation {stddev:g}",
    "Uniform": "uniform from {low:g} to {high:g}",
    "Gamma": "gamma with shape {shape:g} and scale {scale:g}",
    "TruncatedNormal": "normal with mean {mean:g} and standard deviation {stddev:g}, redrawn "
    "beyond {threshold:g} standard deviations",
}


def render_card(card) -> str:
    """Writes a card in Markdown.

    Args:
        card: dict, what ``card.json`` holds.

    Returns:
        Markdown.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tfgan_lab.runs.export"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["plain"] = _plain
    return environment.get_template("card.md.j2").render(
        card=card,
        title=FORMATS[card["format"]].title,
        runtime=FORMATS[card["format"]].runtime,
        suffix=FORMATS[card["format"]].suffix,
        latents=latents_in_words(card["generator"].get("latents")),
        code=usage(card),
    )


def latents_in_words(latents) -> str:
    """What latents are drawn from.

    Args:
        latents: dict of ``distribution``, ``size`` and its other numbers; or ``None``.

    Example:
        >>> latents_in_words({"distribution": "Uniform", "size": 8, "low": -1, "high": 1})
        '8 independent values, uniform from -1 to 1'
    """
    if latents is None:
        return ""
    words = _WORDS.get(latents["distribution"], f"of the distribution {latents['distribution']}")
    return f"{latents['size']} independent values, {words.format(**latents)}"


def usage(card) -> str:
    """A few lines of Python that make images with an export, run in its folder.

    Args:
        card: see ``render_card``.
    """
    network = card["generator"]["networks"][0]
    names = list(network["inputs"])
    lines = ["import numpy as np", *_IMPORTS[card["format"]], ""]
    lines += _inputs(card, network)
    given = {name: name for name in names}
    return "\n".join(lines + _CALLS[card["format"]](network["name"], given)) + "\n"


_IMPORTS = {
    "savedmodel": ["import tensorflow as tf"],
    "onnx": ["import onnxruntime"],
    "litert": ["from ai_edge_litert.interpreter import Interpreter"],
}


def _call_savedmodel(name, given):
    words = ", ".join(f"{key}=tf.constant({value})" for key, value in given.items())
    return [
        f'model = tf.saved_model.load("{name}")',
        f'images = model.signatures["serving_default"]({words})["output_0"].numpy()',
    ]


def _call_onnx(name, given):
    words = ", ".join(f'"{key}": {value}' for key, value in given.items())
    return [
        f'session = onnxruntime.InferenceSession("{name}.onnx")',
        f"images = session.run(None, {{{words}}})[0]",
    ]


def _call_litert(name, given):
    words = ", ".join(f"{key}={value}" for key, value in given.items())
    return [
        f'runner = Interpreter("{name}.tflite").get_signature_runner()',
        f'images = runner({words})["output_0"]',
    ]


_CALLS = {"savedmodel": _call_savedmodel, "onnx": _call_onnx, "litert": _call_litert}


def _inputs(card, network):
    """Lines that make the inputs: draws, or what the examples hold where NumPy can't draw it."""
    generator = card["generator"]
    example = f'np.load("{run_layout.EXPORT_EXAMPLES}")["{network["name"]}/1/'
    if "latents" not in network["inputs"]:
        lines = [f'images = {example}images"]  # or your own']
        if "targets" in network["inputs"]:
            count = len(generator["domains"])
            chosen = f'np.eye({count}, dtype="float32")[[0] * len(images)]'
            lines.append(f"targets = {chosen}  # the first domain")
        return lines
    latents = generator["latents"]
    draw = _DRAWS.get(latents["distribution"])
    drawn = f"np.random.default_rng().{draw.format(**latents)}" if draw else f'{example}latents"]'
    lines = [f'latents = {drawn}.astype("float32")']
    if "labels" in network["inputs"]:
        lines.append("labels = np.zeros(len(latents), np.int32)  # the first class")
    return lines


def _plain(text):
    """Text from outside as one line that Markdown takes for nothing but text."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(str(text).split()))
