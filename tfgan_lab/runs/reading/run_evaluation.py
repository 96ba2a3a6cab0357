"""Evaluation of a run's generator against the images it was trained on."""

import dataclasses
import pathlib

import tensorflow as tf

from tfgan_lab import run_layout
from tfgan_lab.callbacks.writing import Events
from tfgan_lab.data import from_folder
from tfgan_lab.files import write_json
from tfgan_lab.metrics.choice import check_features, choose_features
from tfgan_lab.metrics.class_measures import ClassEvaluator
from tfgan_lab.metrics.classifier import classifier_features
from tfgan_lab.metrics.evaluation_records import append_evaluations
from tfgan_lab.metrics.evaluator import Evaluator, labels_like
from tfgan_lab.metrics.measures import METRICS
from tfgan_lab.randomness import Purpose, key
from tfgan_lab.runs.settings.validity import ConfigError

CLASSIFIER_STEPS = 1000  # What it says of generated images is no better than it is itself.
# Of the frozen network itself, and of runs whose discriminator looks through it.
FLATTERING = (
    "These features flatter this run, for its discriminator looks at images through the same "
    "network: take others to compare it with runs of another kind."
)
FIRST_OF_CLASSES = 1_000_000  # Draws within classes are no others' draws.


@dataclasses.dataclass(frozen=True)
class Request:
    """What to evaluate, and how.

    Args:
        features: see ``tfgan_lab.metrics.choose_features``.
        weights: path of the weights of an Inception, or empty.
        metrics: names out of ``tfgan_lab.metrics.METRICS``; empty for all that the features
            allow.
        num_fakes: int, generated images; 0 for as many as there are real ones.
        held_out_dir: folder of real images that were not trained on, for the copying measures,
            or empty.
        last: whether to evaluate the newest generator, where an earlier one was released.
        seed: int, key of the latents.
        classes: whether to measure every class, too; ``None`` for where there are classes.
    """

    features: str = "random"
    weights: str = ""
    metrics: tuple = ()
    num_fakes: int = 0
    held_out_dir: str = ""
    last: bool = False
    seed: int = 0
    classes: bool | None = None


def evaluate_generator(run, request, progress=None) -> list:
    """Evaluates a generator of a run; see ``LatentRun.evaluate``.

    Args:
        run: ``LatentRun``.
        request: ``Request``.
        progress: function of (done, total), or ``None``.
    """
    config = run.config
    if request.classes and not config.conditional:
        raise ConfigError("Expected a run with --conditional with --classes. Received: one without")
    file = run_layout.LAST_GENERATOR if request.last else run_layout.GENERATOR
    generator, images = run.generator(file), run.images()
    classifier = None
    if request.features == "labels" and images.labels is not None and not request.weights:
        features = classifier = _label_classifier(images)
    else:
        features = choose_features(
            request.features, images.images, images.labels, request.weights or None
        )
    evaluator = Evaluator(
        images.images,
        features,
        request.metrics or _possible(features, images.images),
        num_fakes=request.num_fakes or None,
        held_out=_held_out(config, request.held_out_dir),
    )

    def sample(count, index):
        labels = labels_like(images.labels, count, index) if config.conditional else None
        drawn = key(request.seed, 0, Purpose.SAMPLES, index + 1)
        return generator.generate(generator.latents.sample(count, drawn), labels)

    evaluations = evaluator.evaluate(sample, progress)
    if config.conditional and request.classes is not False:
        classifier = classifier or _label_classifier(images)
        measures = _measure_classes(images, features, generator, classifier, request.seed)
        write_json(run.path / run_layout.CLASSES, {"generator": file} | measures.to_dict())
        evaluations += measures.evaluations()
    if request.features == "lite0" and config.discriminator == "projected":
        evaluations = [
            dataclasses.replace(each, warnings=(FLATTERING, *each.warnings)) for each in evaluations
        ]
    row = run.log_row(file)
    where = {name: int(row.get(name, 0)) for name in ("epoch", "step", "images")}
    append_evaluations(run.path, evaluations, **where, generator=file)
    events = Events(run.path, ".metrics")
    with events.at(where["step"]):
        for evaluation in evaluations:
            tag = evaluation.tag("last generator" if request.last else "")
            tf.summary.scalar(tag, evaluation.value)
    events.close()
    return evaluations


def check_request(request) -> None:
    """Checks what can be known to be wrong before there is anything to measure.

    Args:
        request: ``Request``.

    Raises:
        ConfigError: an unknown measure, or a file that isn't there.
    """
    unknown = [name for name in request.metrics if name not in METRICS]
    if unknown:
        raise ConfigError(
            f"Expected metrics out of {', '.join(METRICS)}. Received: {', '.join(unknown)}"
        )
    try:
        check_features(request.features)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    for path in filter(None, (request.weights, request.held_out_dir)):
        if not pathlib.Path(path).exists():
            raise ConfigError(f"Expected a file or folder. Received: {path}, not there")


def _label_classifier(images):
    """A classifier of a run's images: the same one for all runs of the same images."""
    return classifier_features(images.images, images.labels, steps=CLASSIFIER_STEPS)


def _measure_classes(images, features, generator, classifier, seed):
    """Measures whether a generator does what the label says."""
    num_each = min(max(len(images) // images.num_classes, 50), 500)
    names = images.names_of_classes()
    evaluator = ClassEvaluator(images.images, images.labels, features, names, num_each, classifier)

    def sample(labels, index):
        drawn = key(seed, 0, Purpose.SAMPLES, FIRST_OF_CLASSES + index)
        return generator.generate(generator.latents.sample(len(labels), drawn), labels)

    return evaluator.evaluate(sample)


def _possible(features, images):
    """All measures that are taken by default; where there are no classes, those without."""
    classless = features.extract(images[:1])[1] is None
    skipped = {"probabilities"} if classless else set()
    return tuple(
        name for name, each in METRICS.items() if each.by_default and each.takes not in skipped
    )


def _held_out(config, folder):
    if not folder:
        return None
    try:
        images = from_folder(folder, image_size=config.image_size, channels=config.channels)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise ConfigError(f"{error} (--held_out_dir)") from error
    return images.images
