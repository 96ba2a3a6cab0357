"""The verdict on a run that is over, or still in progress."""

import pathlib

from tfgan_lab import run_layout
from tfgan_lab.callbacks.diagnosis import MAX_REFERENCE_IMAGES
from tfgan_lab.diagnosis.failures import FAILURES
from tfgan_lab.diagnosis.signals import Signals
from tfgan_lab.diagnosis.translation_signals import TRANSLATION_FAILURES, TranslationSignals
from tfgan_lab.diagnosis.verdict import history, judge
from tfgan_lab.files import read_json
from tfgan_lab.runs.reading.restoring import restore_newest, run_config
from tfgan_lab.runs.reading.translator import is_translation
from tfgan_lab.runs.settings.run_config import ConfigError
from tfgan_lab.runs.settings.translation_config import TranslationConfig
from tfgan_lab.runs.training.directory import read_record
from tfgan_lab.runs.training.latent_building import build_model
from tfgan_lab.runs.training.rollback import describe_rollback
from tfgan_lab.runs.training.run_domains import by_domain, load_domains
from tfgan_lab.runs.training.run_images import load_images
from tfgan_lab.runs.training.translation_training import SHOWN, build_for


def diagnose(path) -> str:
    """Says what is wrong with a run, since when, and what it was said to be before.

    Reads what the run wrote while it trained. Where it wrote nothing (``--diagnose_every=0``), the
    newest checkpoint is looked at, once; then nothing can be said of changes.

    Args:
        path: of the run.

    Returns:
        Text of several lines.

    Raises:
        FileNotFoundError: there is no run.
        ConfigError: a run that has neither readings nor checkpoints yet, or whose images are
            others by now.
    """
    path = pathlib.Path(path)
    record = read_record(path)
    file = path / run_layout.VERDICT
    if file.exists():
        readings, failures = read_json(file)["readings"], _failures(path)
        verdict, said = judge(readings, failures), history(readings, failures)
        looked = f"{len(readings)} readings, the last at {readings[-1]['images']:,} images."
    else:
        reading = _read_newest(path)
        at_once = [failure._replace(readings=1) for failure in _failures(path)]
        verdict, said = judge([reading], at_once, min_readings=1), []
        looked = f"One reading of the checkpoint at {reading['images']:,} images."
    lines = [str(verdict), "", looked]
    if verdict.others:
        lines.append("Also: " + ", ".join(name.replace("_", " ") for name in verdict.others) + ".")
    if len(said) > 1:
        lines.append("What was said while it trained:")
        lines += [f"  {images:>10,}  {each.name.replace('_', ' ')}" for images, each in said]
    lines += [describe_rollback(entry) for entry in record.get("rollbacks", [])]
    return "\n".join(lines)


def trained_images(path):
    """Reads or draws the images of a run, and makes sure that they are those it began with.

    Args:
        path: of the run.

    Returns:
        What ``load_images`` returns, or ``load_domains`` of a translator's run.

    Raises:
        FileNotFoundError: there is no run.
        ConfigError: other images, or none.
    """
    record = read_record(path)
    if is_translation(path):
        images = load_domains(TranslationConfig.of_record(record))
    else:
        images = load_images(run_config(path))
    if images.fingerprint() != record["data"].get("fingerprint"):
        raise ConfigError(
            f"Expected the {record['data']['num_images']} images that the run in {path} was "
            f"trained on. Received: {len(images)}, not all the same"
        )
    return images


def _failures(path):
    return TRANSLATION_FAILURES if is_translation(path) else FAILURES


def _read_newest(path):
    model, signals = _translator(path) if is_translation(path) else _gan(path)
    restore_newest(path, model)
    return {"images": int(model.images_seen.numpy())} | signals.read(model)


def _gan(path):
    config = run_config(path)
    images = trained_images(path)
    labels = images.sample_labels(MAX_REFERENCE_IMAGES) if config.conditional else None
    signals = Signals(images.sample(MAX_REFERENCE_IMAGES), seed=images.seed, labels=labels)
    return build_model(config, images.num_classes), signals


def _translator(path):
    config = TranslationConfig.of_record(read_record(path))
    images = trained_images(path)
    signals = TranslationSignals([domain.sample(SHOWN) for domain in by_domain(images)])
    return build_for(config, images), signals
