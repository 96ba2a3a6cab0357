"""Random weights for the FID Inception, under the published file's names and orders of axes."""

import numpy as np

from tfgan_lab.networks.inception import fid_inception


def random_weights(seed=0):
    """Such that activations stay of the order of 1, and differ from place to place."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for layer in fid_inception().layers:
        kind = type(layer).__name__
        if kind == "Conv2D":
            height, width, inputs, outputs = layer.kernel.shape
            scale = np.sqrt(2 / (height * width * inputs))
            kernel = scale * rng.standard_normal((outputs, inputs, height, width), np.float32)
            arrays[f"{layer.name}.weight"] = kernel.astype(np.float32)
        elif kind == "BatchNormalization":
            size = layer.gamma.shape[0]
            for name, low, high in [
                ("weight", 0.8, 1.2),
                ("bias", -0.3, 0.3),
                ("running_mean", -0.3, 0.3),
                ("running_var", 0.5, 1.5),
            ]:
                arrays[f"{layer.name}.{name}"] = rng.uniform(low, high, size).astype(np.float32)
    arrays["fc.weight"] = (rng.standard_normal((1008, 2048)) / 30).astype(np.float32)
    arrays["fc.bias"] = rng.standard_normal(1008).astype(np.float32)
    return arrays
