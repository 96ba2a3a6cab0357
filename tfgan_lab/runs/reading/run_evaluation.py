"""Evaluation of a run's released generator against the images it was trained on."""

import dataclasses
import pathlib

import tensorflow as tf

from tfgan_lab import run_layout
from tfgan_lab.callbacks.csv_log import read_log, row_at
from tfgan_lab.data import from_folder
from tfgan_lab.files import write_json
from tfgan_lab.metrics.choice import check_features, choose_features
from tfgan_lab.metrics.class_measures import ClassEvaluator, ClassMeasures
from tfgan_lab.metrics.classifier import classifier_features
from tfgan_lab.metrics.evaluation_records import append_evaluations, read_evaluations
from tfgan_lab.metrics.evaluator import Evaluator, labels_like
from tfgan_lab.metrics.measures import METRICS
from tfgan_lab.metrics.readings import Readings
from tfgan_lab.randomness import Purpose, key
from tfgan_lab.runs.reading.generation import open_generator
from tfgan_lab.runs.reading.restoring import run_config
from tfgan_lab.runs.settings.run_config import ConfigError
from tfgan_lab.runs.training.directory import read_record
from tfgan_lab.runs.training.run_images import load_images

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
        generator: file of the run to evaluate.
        seed: int, key of the latents.
        time_limit: float in seconds for making and measuring the images; 0 for none.
        classes: whether to measure every class, too; ``None`` for where there are classes.
    """

    features: str = "random"
    weights: str = ""
    metrics: tuple = ()
    num_fakes: int = 0
    held_out_dir: str = ""
    generator: str = run_layout.GENERATOR
    seed: int = 0
    time_limit: float = 0.0
    classes: bool | None = None


def evaluate_run(run_directory, request=None, progress=None) -> list:
    """Evaluates, and adds the values to ``metrics.json`` and TensorBoard.

    Args:
        run_directory: path of the run.
        request: ``Request``; the default one unless given.
        progress: function of (done, total), or ``None``.

    Returns:
        List of ``tfgan_lab.metrics.Evaluation``; of a run with classes, those within classes are
        behind the others, and ``classes.json`` holds the confusion matrix.

    Raises:
        ConfigError: no generator, other images than the run began with, or a request that makes
            no sense.
        FileNotFoundError: there is no run.
        TimeoutError: it took longer than the request's limit.

    Example:
        >>> evaluate_run("runs/first", Request(metrics=("kid",)))  # doctest: +SKIP
    """
    run, request = pathlib.Path(run_directory), request or Request()
    record = read_record(run)
    config = run_config(run)
    if request.classes and not config.conditional:
        raise ConfigError("Expected a run with --conditional with --classes. Received: one without")
    generator = open_generator(run / request.generator)
    images = load_images(config)
    if images.fingerprint() != record["data"]["fingerprint"]:
        raise ConfigError(
            f"Expected the {record['data']['num_images']} images that the run in {run} was "
            f"trained on. Received: {len(images)}, not all the same"
        )
    classifier = None
    if request.features == "labels" and images.labels is not None and not request.weights:
        features = classifier = label_classifier(images)
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
        time_limit=request.time_limit or None,
    )

    def sample(count, index):
        labels = labels_like(images.labels, count, index) if config.conditional else None
        drawn = key(request.seed, 0, Purpose.SAMPLES, index + 1)
        return generator.generate(generator.latents.sample(count, drawn), labels)

    evaluations = evaluator.evaluate(sample, progress)
    if config.conditional and request.classes is not False:
        classifier = classifier or label_classifier(images)
        measures = measure_classes(images, features, generator, classifier, request.seed)
        of_classes = {"generator": request.generator} | measures.to_dict()
        write_json(run / run_layout.CLASSES, of_classes)
        evaluations += measures.evaluations()
    if request.features == "lite0" and config.discriminator == "projected":
        evaluations = [
            dataclasses.replace(each, warnings=(FLATTERING, *each.warnings)) for each in evaluations
        ]
    where = _where(run, request.generator)
    append_evaluations(run, evaluations, **where, generator=request.generator)
    of_last = "last generator" if request.generator == run_layout.LAST_GENERATOR else ""
    writer = tf.summary.create_file_writer(str(run / run_layout.EVENTS), filename_suffix=".metrics")
    with writer.as_default(step=where["step"]):
        for evaluation in evaluations:
            tf.summary.scalar(evaluation.tag(of_last), evaluation.value)
    writer.close()
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


def label_classifier(images):
    """A classifier of a run's images: the same one for all runs of the same images.

    Args:
        images: ``ImageSet``, with labels.

    Returns:
        What ``tfgan_lab.metrics.classifier_features`` returns.
    """
    return classifier_features(images.images, images.labels, steps=CLASSIFIER_STEPS)


def measure_classes(images, features, generator, classifier, seed=0, num_each=0) -> ClassMeasures:
    """Measures whether a generator does what the label says.

    Args:
        images: the run's ``ImageSet``.
        features: a ``Features``, in which distances within classes are taken.
        generator: ``LatentGenerator`` with classes.
        classifier: what ``label_classifier`` returned.
        seed: int, key of the latents.
        num_each: int, images of each class; from 50 to 500, by their number, unless given.
    """
    evaluator = ClassEvaluator(
        images.images,
        images.labels,
        features,
        images.names_of_classes(),
        num_each or min(max(len(images) // images.num_classes, 50), 500),
        classifier,
    )

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


def _where(run, generator):
    """Where the run is, or was with its released generator; a last one may be some epochs older."""
    log = read_log(run)
    if not log or not len(log["epoch"]):
        return {"epoch": 0, "step": 0, "images": 0}
    released = Readings.of(read_evaluations(run)).released
    is_released = generator == run_layout.GENERATOR
    row = row_at(log, released["epoch"]) if released and is_released else -1
    return {name: int(log[name][row]) for name in ("epoch", "step", "images")}
