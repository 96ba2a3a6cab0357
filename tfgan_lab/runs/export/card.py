"""The card of an export: what the generator is, where it comes from, and how it is used."""

import re

import jinja2

from tfgan_lab import run_layout
from tfgan_lab.markdown import table_lines
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
    format = FORMATS[card["format"]]
    tables = (card["run"] or {}).get("measures", [])
    return environment.get_template("card.md.j2").render(
        card=card,
        format=format,
        latents=latents_in_words(card["generator"].get("latents")),
        code=usage(card),
        measures=[
            (sentence, table_lines(map(_plain, heads), [list(map(_plain, row)) for row in rows]))
            for sentence, (heads, *rows) in tables
        ],
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
    imported, opened, argument, called = _USAGE[card["format"]]
    given = ", ".join(argument.format(name) for name in network["inputs"])
    lines = ["import numpy as np", imported, "", *_inputs(card, network)]
    lines += [opened.format(network["name"]), called.format(given)]
    return "\n".join(lines) + "\n"


# Of each format: what is imported, how a network is opened and an input given, and what is called.
_USAGE = {
    "savedmodel": (
        "import tensorflow as tf",
        'model = tf.saved_model.load("{}")',
        "{0}=tf.constant({0})",
        'images = model.signatures["serving_default"]({})["output_0"].numpy()',
    ),
    "onnx": (
        "import onnxruntime",
        'session = onnxruntime.InferenceSession("{}.onnx")',
        '"{0}": {0}',
        "images = session.run(None, {{{}}})[0]",
    ),
    "litert": (
        "from ai_edge_litert.interpreter import Interpreter",
        'runner = Interpreter("{}.tflite").get_signature_runner()',
        "{0}={0}",
        'images = runner({})["output_0"]',
    ),
}


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
