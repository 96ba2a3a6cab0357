"""What settings come to: everything that decides on a training, as one number."""

import hashlib
import json

import keras
import numpy as np

from tfgan_lab.runs.building import build_model
from tfgan_lab.runs.config import RunConfig
from tfgan_lab.runs.pictures import load_pictures
from tfgan_lab.runs.translation import load_domains
from tfgan_lab.runs.translation.training import build_for

# Settings that callbacks take as they are; all others must be found in the model or its pictures.
OF_CALLBACKS = (
    "snapshot_every", "checkpoint_every", "evaluate_every", "maps_every", "diagnose_every",
    "on_failure", "max_rollbacks",
)  # fmt: skip


def build(config):
    """The model and the pictures of a configuration, with layers named as in a fresh process.

    Args:
        config: ``RunConfig`` or ``TranslationConfig``.

    Raises:
        ConfigError: they can't be made.
    """
    keras.utils.clear_session()
    if isinstance(config, RunConfig):
        pictures = load_pictures(config)
        return build_model(config, pictures.num_classes), pictures
    pictures = load_domains(config)
    return build_for(config, pictures), pictures


def fingerprint(config) -> str:
    """Hash of the built model, its compilation and weights, the first batch, and the budget.

    Args:
        config: as of ``build``.

    Raises:
        ConfigError: see there.
    """
    model, pictures = build(config)
    steps = pictures.steps_per_epoch
    described = {
        "model": _described(model),
        "compiled": model.get_compile_config(),
        "epochs": config.total_epochs(steps),
        "steps": steps,
        "callbacks": {name: getattr(config, name, None) for name in OF_CALLBACKS},
    }
    digest = hashlib.sha256(json.dumps(described, sort_keys=True, default=str).encode())
    for name, variable in sorted(model.checkpoint_variables().items()):
        digest.update(name.encode() + np.ascontiguousarray(variable.numpy()).tobytes())
    for name, value in sorted(next(iter(pictures.dataset(0))).items()):
        digest.update(name.encode() + np.ascontiguousarray(value.numpy()).tobytes())
    return digest.hexdigest()


def _described(model):
    """The model's configuration, and its seed, which decides on every draw to come."""
    return model.get_config() | {"seed": model.seed}
