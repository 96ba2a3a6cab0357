"""Runs exported networks with nothing but their own runtime, and compares with what is expected.

A program of its own, started by its path in a fresh process: it must not import the package, so
that nothing of it can help the file.
"""

import json
import pathlib
import sys

import numpy as np


def open_savedmodel(path):
    """Opens a SavedModel; returns a function of inputs by name, and the runtime's name."""
    import tensorflow as tf

    model = tf.saved_model.load(str(path))

    def run(inputs):
        tensors = {name: tf.constant(array) for name, array in inputs.items()}
        return model.signatures["serving_default"](**tensors)["output_0"].numpy()

    return run, f"tensorflow {tf.__version__}"


def open_onnx(path):
    """Opens an ONNX file; returns what ``open_savedmodel`` does."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return lambda inputs: session.run(None, inputs)[0], f"onnxruntime {onnxruntime.__version__}"


def open_litert(path):
    """Opens a LiteRT file; returns what ``open_savedmodel`` does."""
    import importlib.metadata

    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(str(path)).get_signature_runner()
    version = importlib.metadata.version("ai-edge-litert")
    return lambda inputs: runner(**inputs)["output_0"], f"ai-edge-litert {version}"


OPEN = {
    "savedmodel": (open_savedmodel, ""),
    "onnx": (open_onnx, ".onnx"),
    "litert": (open_litert, ".tflite"),
}


def compare(folder, format) -> dict:
    """Runs the examples of an export.

    Args:
        folder: path with the networks and ``examples.npz``.
        format: name of the format.

    Returns:
        Dict of ``runtime``, its name and version; ``images``, their number; and ``differences``,
        the greatest one of any value in every batch, NaN for images of another shape.
    """
    folder = pathlib.Path(folder)
    open_file, suffix = OPEN[format]
    batches = {}
    with np.load(folder / "examples.npz") as examples:
        for name in examples.files:
            network, number, array = name.split("/")
            batches.setdefault((network, number), {})[array] = examples[name]
    runners, differences, images = {}, {}, 0
    for (network, number), batch in batches.items():
        if network not in runners:
            runners[network], runtime = open_file(folder / f"{network}{suffix}")
        expected = batch.pop("expected")
        received = runners[network](batch)
        images += len(expected)
        same_shape = received.shape == expected.shape
        differences[f"{network}/{number}"] = (
            float(np.abs(received - expected).max()) if same_shape else float("nan")
        )
    return {"runtime": runtime, "images": images, "differences": differences}


if __name__ == "__main__":
    print(json.dumps(compare(*sys.argv[1:])))
