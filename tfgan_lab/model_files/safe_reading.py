"""A model out of a ``.keras`` file."""

import json
import pathlib
import re
import zipfile

import keras

from tfgan_lab.model_files.allowed import check_classes
from tfgan_lab.model_files.array_sizes import check_sizes
from tfgan_lab.model_files.weights import check_weights

MOST_BYTES = 2**32
"""Bytes of a file, packed or unpacked."""

MOST_CONFIG_BYTES = 2**24

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
# Keras would unpack whatever else there is; classes.json is our own.
_MEMBERS = {_CONFIG, _WEIGHTS, "metadata.json", "classes.json"}
_COLOURS = re.compile(r"\x1b\[\d*m")  # Keras prints some of its messages in bold.
_MOST_WORDS = 300  # characters of an error's reason


def read_model(path, compile=True) -> keras.Model:
    """Reads a model from a file that need not be trusted.

    Before anything is made, the classes that the file names are checked against a list, the sizes
    it declares against what it has, and its weights are read once in a process of limited memory
    that may die. Then it is made, in Keras' safe mode. What is left to trust is TensorFlow.

    Args:
        path: of a ``.keras`` file.
        compile: bool, whether to compile the model as it was.

    Returns:
        ``keras.Model``.

    Raises:
        ValueError: no such file, a damaged one, or one with something in it that no generator of
            images needs.
    """
    path, wrong = pathlib.Path(path), ""
    if not path.is_file():
        wrong = "no such file"
    elif path.suffix != ".keras":
        # Keras takes some for formats of its own that can hold code.
        wrong = f"a file that ends in {path.suffix!r:.20}"
    elif not zipfile.is_zipfile(path):
        wrong = "a damaged file"
    if wrong:
        raise ValueError(f"Expected a .keras file at {path}. Received: {wrong}")
    try:
        config, stored_bytes = _opened(path)
        check_classes(config)
        check_sizes(config, stored_bytes)
        check_weights(path, _WEIGHTS)
        return keras.saving.load_model(path, compile=compile, safe_mode=True)
    # What Keras raises of a file that makes no sense is not foreseeable.
    except Exception as error:
        reason = " ".join(_COLOURS.sub("", str(error)).split())[:_MOST_WORDS]
        raise ValueError(
            f"Expected a .keras file with a whole model at {path}. Received: one that can't be "
            f"used: {reason or type(error).__name__}"
        ) from error


def _opened(path):
    """The configuration, and the number of bytes of weights."""
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"Expected at most {MOST_BYTES:,} bytes. Received: more")
    with zipfile.ZipFile(path) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
        if len(sizes) < len(archive.infolist()):
            raise ValueError("Expected every name in the archive once. Received: one twice")
        if sum(sizes.values()) > MOST_BYTES:
            raise ValueError(f"Expected at most {MOST_BYTES:,} bytes, unpacked. Received: more")
        strange = sizes.keys() - _MEMBERS
        if strange:
            raise ValueError(f"Expected a model and no more. Received: a file {min(strange)!r:.80}")
        missing = {_CONFIG, _WEIGHTS} - sizes.keys()
        if missing:
            raise ValueError(f"Expected {min(missing)} in the archive. Received: none")
        if sizes[_CONFIG] > MOST_CONFIG_BYTES:
            raise ValueError(
                f"Expected at most {MOST_CONFIG_BYTES:,} bytes of configuration. Received: more"
            )
        return json.loads(archive.read(_CONFIG)), sizes[_WEIGHTS]
