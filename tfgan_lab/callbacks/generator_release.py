"""The file that people take away from a run."""

import json
import pathlib
import tempfile
import zipfile

from tfgan_lab import run_layout
from tfgan_lab.callbacks.schedule import Schedule
from tfgan_lab.callbacks.training_callback import TrainingCallback
from tfgan_lab.files import write_with_sha256
from tfgan_lab.layers.plain import map_config, with_keras_own

CLASSES = "classes.json"  # Within the .keras file, which is a zip; Keras leaves it alone.
MOST_CLASSES_BYTES = 2**20


class GeneratorRelease(TrainingCallback):
    """Writes the sampling generator to ``generator.keras``, with its SHA-256 beside it.

    The file is whole at any moment: Keras alone would destroy the old one on a full disk. It
    needs nothing but Keras to be loaded. It computes in float32, whatever the run does: what is
    fast on this machine may be slow, or missing, where the file is taken. The names of the classes,
    where there are any, are within the file.

    Where an ``Evaluate`` chooses the generator to release, that one stays ``generator.keras``, and
    this callback writes ``last_generator.keras``.

    Args:
        directory: path of the run.
        every: int, period in epochs; the last epoch always counts.
    """

    def __init__(self, directory, every=10):
        super().__init__()
        self.directory = pathlib.Path(directory)
        self.schedule = Schedule(every)

    def on_epoch_end(self, epoch, logs=None):
        """Releases the generator where it is due."""
        if self.schedule.is_due(epoch + 1, last=self.params["epochs"]):
            self.release()

    def release(self):
        """Writes the model's sampling generator now."""
        # An ``Evaluate`` keeps there what it releases.
        is_measured = any((self.directory / run_layout.RELEASED).glob("*.keras"))
        release_generator(
            self.model.sampling_generator,
            self.directory / (run_layout.LAST_GENERATOR if is_measured else run_layout.GENERATOR),
            class_names_of(self.model),
        )


def class_names_of(model) -> tuple:
    """Names of the classes that a model was trained with; none for a model without.

    Args:
        model: an ``AdversarialModel``.
    """
    images = model.training_images
    return images.names_of_classes() if model.num_classes and images is not None else ()


def release_generator(generator, path, class_names=()) -> None:
    """Writes a generator in float32, whole or not at all, with its SHA-256 beside it.

    Args:
        generator: ``keras.Model``.
        path: of the ``.keras`` file.
        class_names: names of the classes in the order of their labels, with classes.
    """
    write_with_sha256(path, released_bytes(generator, class_names))


def released_bytes(generator, class_names=()) -> bytes:
    """The content of the file that ``release_generator`` writes.

    Args:
        generator: see there.
        class_names: see there.
    """
    with tempfile.TemporaryDirectory() as folder:
        temporary = pathlib.Path(folder) / run_layout.GENERATOR
        _released(generator).save(temporary)
        if class_names:
            with zipfile.ZipFile(temporary, "a") as archive:
                content = json.dumps({"class_names": list(class_names)}, ensure_ascii=False)
                # With a date of its own the same generator would be another file every time.
                archive.writestr(zipfile.ZipInfo(CLASSES), content)
        return temporary.read_bytes()


def read_class_names(path) -> tuple:
    """The names of the classes that a released generator knows; none where it has none.

    Args:
        path: of the ``.keras`` file.

    Raises:
        ValueError: a damaged file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if CLASSES not in archive.namelist():
                return ()
            if archive.getinfo(CLASSES).file_size > MOST_CLASSES_BYTES:
                raise ValueError(f"more than {MOST_CLASSES_BYTES:,} bytes of names")
            return tuple(map(str, json.loads(archive.read(CLASSES))["class_names"]))
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"Expected a .keras file at {path}. Received: a damaged file ({error})"
        ) from error


def _released(network):
    """The network itself, or, where it is not in float32 and Keras' own layers, a copy that is."""
    config = network.get_config()
    plain = with_keras_own(map_config(config, _in_float32))
    if plain == config:
        return network
    copy = type(network).from_config(plain)
    copy.set_weights(network.get_weights())
    return copy


def _in_float32(part):
    """A part of a configuration, with a policy of float32 in the place of any."""
    if part.get("class_name") == "DTypePolicy":
        return part | {"config": {"name": "float32"}}
    return part
