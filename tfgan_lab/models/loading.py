"""Models out of files."""

import pathlib
import zipfile

import keras

# Imported for what they register: Keras finds classes in a file by name among those it has seen.
import tfgan_lab.latents.distributions
import tfgan_lab.layers
import tfgan_lab.losses
import tfgan_lab.models.conditional_gan
import tfgan_lab.models.cyclegan
import tfgan_lab.models.gan
import tfgan_lab.models.learning_rates
import tfgan_lab.models.stargan  # noqa: F401


def load_model(path, compile=True) -> keras.Model:
    """Loads a model that ``model.save`` or a run wrote, with the state of both optimisers.

    ``keras.saving.load_model`` does the same once the classes of the file have been imported, but
    says "not found" of damaged files. Files are loaded in Keras' safe mode.

    Args:
        path: of a ``.keras`` file.
        compile: bool, whether to compile the model as it was.

    Returns:
        ``keras.Model``.

    Raises:
        ValueError: no such file, or a damaged one.

    Example:
        >>> load_model("gan.keras").generate(4).shape  # doctest: +SKIP
        (4, 64, 64, 3)
    """
    path = pathlib.Path(path)
    if not path.is_file() or not zipfile.is_zipfile(path):
        state = "a damaged file" if path.is_file() else "no such file"
        raise ValueError(f"Expected a .keras file at {path}. Received: {state}")
    return keras.saving.load_model(path, compile=compile)
