"""Trains kinds of models on two parts of the processor and on one; a process of its own."""

import json
import pathlib
import sys

import numpy as np

from tests.runs.tiny import TINY_PROJECTED, tiny
from tests.runs.tiny_translator import tiny as tiny_translator
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.runs.training.devices import Devices
from tfgan_lab.runs.training.latent_training import train
from tfgan_lab.runs.training.translation_training import train_translation

# Without what each device draws for its own images: label noise, dropout, places of penalties.
COMMON = {"precision": "float32", "epochs": 2, "diagnose_every": 0}
CLASSES = {"drawn": "vehicles", "num_drawn": 40, "conditional": True, "discriminator_dropout": 0.0}
KINDS = {
    "batch norm": (train, tiny, {"discriminator_dropout": 0.0, "concatenate_batches": True}),
    "from-scratch": (
        train,
        tiny,
        {
            "preset": "from-scratch",
            "generator_widths": (4, 4, 4),
            "discriminator_widths": (4, 4, 4),
            "penalty_share": 1.0,
            "diff_augment_translation": 0.0,
        },
    ),
    "projected": (
        train,
        tiny,
        TINY_PROJECTED
        | {
            "diff_augment_colour": 0.0,
            "diff_augment_translation": 0.0,
            "diff_augment_cutout": 0.0,
        },
    ),
    "classifier": (train, tiny, CLASSES | {"discriminator_conditioning": "classifier"}),
    "projection": (
        train,
        tiny,
        CLASSES | {"discriminator_conditioning": "projection"},
    ),
    "cyclegan": (train_translation, tiny_translator, {"batch_size": 4}),
    "stargan": (
        train_translation,
        tiny_translator,
        {
            "model": "stargan",
            "batch_size": 4,
            "adversarial_loss": "least_squares",
            "gradient_penalty_weight": 0.0,
        },
    ),
}


def farthest(models) -> dict:
    """By how much two models' variables differ at most, by the names' first parts.

    Of variables beyond 1, such as squares of large gradients, as a share of their largest value.
    """
    states = [
        {
            name: np.asarray(variable.value)
            for name, variable in model.checkpoint_variables().items()
        }
        for model in models
    ]
    differences = {}
    for name, value in states[0].items():
        part = name.split("/")[0]
        scale = np.max(np.abs(value), initial=1.0)
        difference = float(np.max(np.abs(value - states[1][name]), initial=0.0) / scale)
        differences[part] = max(differences.get(part, 0.0), difference)
    return differences


def main(folder, kinds):
    """Prints the logs of some kinds of models on two devices and on one, and how states differ."""
    Devices(tiny("", devices=2, batch_size=4))  # Before anything is computed.
    logs = {}
    for kind in kinds:
        train_kind, make, settings = KINDS[kind]
        models = []
        for devices in (2, 1):
            run_dir = folder / f"{kind} on {devices}"
            config = make(run_dir, **(COMMON | settings | {"devices": devices}))
            models.append(train_kind(config, verbose=0)[0])
            log = read_log(run_dir)
            logs[f"{kind} on {devices}"] = {name: list(values) for name, values in log.items()}
        logs[f"{kind} differs"] = farthest(models)
    # What was left off on two devices resumes on one.
    settings = COMMON | KINDS["batch norm"][2]
    for devices, epochs in ((2, 1), (1, 2)):
        config = tiny(folder / "resumed", **(settings | {"devices": devices, "epochs": epochs}))
        train(config, verbose=0)
    logs["resumed"] = {name: list(values) for name, values in read_log(folder / "resumed").items()}
    print(json.dumps(logs))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
