"""A session of a run: when, by what command, and everything that decides on the last bits."""

import datetime
import os
import platform
import sys

from tfgan_lab import __version__
from tfgan_lab.machine import INTER_OP_THREADS, INTRA_OP_THREADS, processor_name, usable_cores
from tfgan_lab.runs.training.precision import resolve_precision

# Environment variables that change TensorFlow's order of additions, and so the last bits.
DECIDING_VARIABLES = (
    "TF_ENABLE_ONEDNN_OPTS",
    INTRA_OP_THREADS,
    INTER_OP_THREADS,
    "OMP_NUM_THREADS",
    "TF_XLA_FLAGS",
)


def this_session() -> dict:
    """Describes this process as ``config.json`` does: time, command, versions, machine."""
    import keras
    import numpy as np
    import tensorflow as tf

    return {
        "began": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "command": sys.argv,
        "versions": {
            "tfgan_lab": __version__,
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        },
        "machine": {
            "processor": processor_name(),
            "usable_cores": usable_cores(),
            "intra_op_threads": tf.config.threading.get_intra_op_parallelism_threads(),
            "inter_op_threads": tf.config.threading.get_inter_op_parallelism_threads(),
            "auto_precision": resolve_precision("auto")[0],
            "devices": [device.device_type for device in tf.config.list_physical_devices()],
        }
        | {name: os.environ.get(name, "unset") for name in DECIDING_VARIABLES},
    }


def differences(before, now) -> list:
    """Plain sentences about what differs between two sessions and may change the bits.

    Args:
        before: what ``this_session`` returned when the run was last trained.
        now: what it returns now.
    """
    return [
        f"{name} is {value} but was {old}: the run resumes, but not to the same bits."
        for group in ("versions", "machine")
        for name, value in now[group].items()
        if (old := before.get(group, {}).get(name)) != value
    ]
