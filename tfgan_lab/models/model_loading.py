"""Models out of files."""

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
from tfgan_lab.model_files import read_model


def load_model(path, compile=True) -> keras.Model:
    """Loads a model that ``model.save`` or a run wrote, with the state of both optimisers.

    ``keras.saving.load_model`` does the same once the classes of the file have been imported, but
    says "not found" of damaged files, and trusts what a file says of its size. Here the file may
    come from anywhere, see ``tfgan_lab.model_files``.

    Args:
        path: of a ``.keras`` file.
        compile: bool, whether to compile the model as it was.

    Returns:
        ``keras.Model``.

    Raises:
        ValueError: no such file, a damaged one, or one that names what no model here needs.

    Example:
        >>> load_model("gan.keras").generate(4).shape  # doctest: +SKIP
        (4, 64, 64, 3)
    """
    return read_model(path, compile)
