"""What travels of a released generator: networks with named inputs, and examples of their work."""

import dataclasses
import pathlib

import keras
import numpy as np

from tfgan_lab.latents.generator import LatentGenerator
from tfgan_lab.models import NetworkPair, load_model
from tfgan_lab.models.translating import num_domains, translate_to
from tfgan_lab.runs.reading.generation import (
    draw_latents,
    generator_file,
    open_generator,
    translates,
)
from tfgan_lab.runs.training.run_record import read_record

BATCHES = (1, 3)  # Images of the examples: a network that takes one size alone fails on these.
MOST_LABELS = 12  # that the examples show
SIZES = ((32, 32), (24, 40))  # heights and widths of images to translate


@dataclasses.dataclass(frozen=True)
class Portable:
    """A generator made ready to be exported.

    Args:
        file: path of the released generator.
        networks: list of ``keras.Model`` with float32 images in [-1, 1] as their only output and
            inputs called ``latents`` and ``labels``, or ``images`` and ``targets``.
        examples: dict of network name to a list of batches, each a dict of arrays: every input by
            name, and ``expected``, the images that the generator itself makes of them.
        latents: ``LatentDistribution``, or ``None`` for a translator.
        class_names: tuple, names of the classes, as far as they are known.
        num_classes: int, or ``None`` without classes or where it isn't known.
        domains: tuple, names of a translator's domains.
    """

    file: pathlib.Path
    networks: list
    examples: dict
    latents: object = None
    class_names: tuple = ()
    num_classes: int | None = None
    domains: tuple = ()

    @property
    def conditional(self) -> bool:
        """Whether there are labels."""
        return any(each.name == "labels" for each in self.networks[0].inputs)


def open_portable(path, latents="") -> Portable:
    """Loads a released generator of any kind.

    What leaves it is cut off at -1 and 1, as ``tfgan-lab generate`` and ``translate`` do. A
    CycleGAN becomes two networks, one for each direction.

    Args:
        path: of a run directory, or of a ``.keras`` file.
        latents: as of ``open_generator``.

    Raises:
        ConfigError: there is none.
        ValueError: a damaged file, or one that is no generator.
    """
    file = generator_file(path)
    network = load_model(file, compile=False)
    if isinstance(network, NetworkPair):
        return _of_pair(file, network)
    if translates(network):
        return _of_translator(file, network)
    return _of_generator(file, open_generator(file, latents))


def _of_generator(file, generator: LatentGenerator):
    inputs = [keras.Input((generator.latents.size,), name="latents")]
    if generator.conditional:
        inputs.append(keras.Input((), dtype="int32", name="labels"))
    batches, num_classes = [], generator.num_classes or 1
    for number, count in enumerate((BATCHES[0], max(BATCHES[1], min(num_classes, MOST_LABELS)))):
        given = {"latents": draw_latents(generator.latents, count, seed=number)}
        if generator.conditional:
            given["labels"] = (np.arange(count) % num_classes).astype(np.int32)
        batches.append(given | {"expected": generator.generate(**given)})
    return Portable(
        file,
        [_named(inputs, _Answer(generator)(inputs), "generator")],
        {"generator": batches},
        generator.latents,
        generator.class_names,
        generator.num_classes,
    )


def _of_pair(file, pair):
    networks, examples = [], {}
    for target, (name, network) in enumerate([("b_to_a", pair.second), ("a_to_b", pair.first)]):
        images = keras.Input((None, None, network.output_shape[-1]), name="images")
        networks.insert(0, _named([images], network(images), name))
        examples[name] = [
            {"images": given, "expected": translate_to(pair, given, target)}
            for given in _images(network.output_shape[-1])
        ]
    return Portable(file, networks, examples, domains=_domains(file, ("a", "b")))


def _of_translator(file, network):
    count, channels = num_domains(network), network.output_shape[-1]
    images = keras.Input((None, None, channels), name="images")
    targets = keras.Input((count,), name="targets")
    inputs = [images, targets]
    batches = []
    for number, given in enumerate(_images(channels)):
        # One domain for the batch: what the generator is asked to do by ``translate``.
        target = number % count
        wanted = np.tile(np.eye(count, dtype=np.float32)[target], (len(given), 1))
        expected = translate_to(network, given, target)
        batches.append({"images": given, "targets": wanted, "expected": expected})
    return Portable(
        file,
        [_named(inputs, network(inputs), "translator")],
        {"translator": batches},
        domains=_domains(file, tuple(map(str, range(count)))),
    )


def _named(inputs, outputs, name):
    # A list of one is another structure than the tensor that all callers give.
    given = inputs[0] if len(inputs) == 1 else inputs
    return keras.Model(given, keras.ops.clip(outputs, -1.0, 1.0), name=name)


class _Answer(keras.layers.Layer):
    """A ``LatentGenerator`` as a layer, so that labels are always numbers of shape (batch,)."""

    def __init__(self, generator):
        super().__init__(dtype="float32")
        self.network = generator.network
        self._generator = generator

    def call(self, inputs):
        return self._generator(*inputs)

    def compute_output_shape(self, input_shape):
        return (input_shape[0][0], *self._generator.image_shape)


def _images(channels):
    rng = np.random.default_rng(0)
    for count, size in zip(BATCHES, SIZES, strict=True):
        yield rng.uniform(-1, 1, (count, *size, channels)).astype(np.float32)


def _domains(file, unknown):
    """Names of the domains of the run that a generator lies in."""
    try:
        names = tuple(read_record(file.parent)["data"].get("domains", ()))
    except (FileNotFoundError, ValueError):
        return unknown
    return names if len(names) == len(unknown) else unknown
