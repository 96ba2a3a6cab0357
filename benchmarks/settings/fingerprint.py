"""What settings come to: everything that decides on a training, as one number."""

import hashlib
import json

import keras
import numpy as np

from tfgan_lab.callbacks.schedule import ImageSchedule, Schedule
from tfgan_lab.runs import load_domains
from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.training import translation_training as translation
from tfgan_lab.runs.training.devices import Devices
from tfgan_lab.runs.training.latent_building import build_model
from tfgan_lab.runs.training.latent_training import LATENT
from tfgan_lab.runs.training.run_images import load_images

PLAIN = (bool, int, float, str, tuple, type(None))


def build(config):
    """The model and the images of a configuration, with layers named as in a fresh process.

    Args:
        config: ``RunConfig`` or ``TranslationConfig``.

    Raises:
        ConfigError: they can't be made.
    """
    keras.utils.clear_session()
    if isinstance(config, RunConfig):
        images = load_images(config)
        return build_model(config, images.num_classes), images
    images = load_domains(config)
    return translation.build_for(config, images), images


def fingerprint(config) -> str:
    """Hash of all that settings decide on.

    That is the built model, its compilation and weights, the first batch, the budget, what is done
    besides training, and on how many devices.

    Args:
        config: as of ``build``.

    Raises:
        ConfigError: see there.
    """
    model, images = build(config)
    steps = images.steps_per_epoch
    described = {
        "model": _described(model),
        "compiled": model.get_compile_config(),
        "epochs": config.total_epochs(steps),
        "steps": steps,
        "devices": Devices(config).strategy.num_replicas_in_sync,
        "callbacks": _callbacks(config, images),
    }
    digest = hashlib.sha256(json.dumps(described, sort_keys=True, default=str).encode())
    for name, variable in sorted(model.checkpoint_variables().items()):
        digest.update(name.encode() + np.ascontiguousarray(variable.numpy()).tobytes())
    for name, value in sorted(next(iter(images.dataset(0))).items()):
        digest.update(name.encode() + np.ascontiguousarray(value.numpy()).tobytes())
    return digest.hexdigest()


def _described(model):
    """The model's configuration, and its seed, which decides on every draw to come."""
    return model.get_config() | {"seed": model.seed}


def _callbacks(config, images):
    """The callbacks and what they were told, as far as it is plain numbers and words."""
    kind = LATENT if isinstance(config, RunConfig) else translation.TRANSLATION
    own = kind.callbacks(config, "run", images)
    return [(type(each).__name__, _plain(each)) for each in own.in_order([])]


def _plain(part):
    """What an object was told; what begins with an underscore is what it has come to."""
    described = {}
    for name, value in sorted(vars(part).items()):
        if isinstance(value, (Schedule, ImageSchedule)):
            described[name] = _plain(value)
        elif not name.startswith("_") and isinstance(value, PLAIN):
            described[name] = value
    return described
