"""What translators' runs are compared by: measures, and the same images."""

from tfgan_lab import run_layout
from tfgan_lab.files import read_json
from tfgan_lab.runs.reading.generation import generator_file
from tfgan_lab.runs.reading.translator import open_translator
from tfgan_lab.runs.settings.translation_config import TranslationConfig
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.run_domains import by_domain, load_domains


def read_translation_measures(run_dir) -> list:
    """A translator's measures of every direction, in the form of other runs' ``metrics.json``.

    Args:
        run_dir: ``pathlib.Path`` of the run.

    Returns:
        List of dicts with ``metric``, ``value``, ``protocol``, ``counts`` and ``generator``; empty
        where nothing was measured.
    """
    file = run_dir / run_layout.TRANSLATION
    if not file.exists():
        return []
    measures = read_json(file)
    entries = [
        row["after"] | {"metric": f"kid, {_direction(row)}", "generator": run_layout.GENERATOR}
        for row in measures["kid"]
    ]
    entries += [
        {
            "metric": f"as asked, {_direction(row)}",
            "value": row["asked"],
            "protocol": {"features": "drawn scenes"},
            "counts": {"fake": row["count"]},
            "generator": run_layout.GENERATOR,
        }
        for row in measures.get("factors", [])
    ]
    return entries


def same_images(runs, count=8) -> dict:
    """The same images, translated by every run.

    They are those of the first run whose own are still where they were.

    Args:
        runs: list of ``ComparedRun``, all of translators. Left out are
            those without a generator yet, and, of a direction, those that don't know its domains.
        count: int, images of each domain.

    Returns:
        Dict of a row's name to a float32 array in [-1, 1]: some images of each domain, and below
        them, for each other domain, what each run makes of them. Empty where no run has images.
    """
    runs = [run for run in runs if generator_file(run.path).is_file()]
    translators = {run.name: open_translator(run.path) for run in runs}
    rows = {}
    for source, images in _images_of_one(runs, count).items():
        rows[source] = images
        known = [
            (name, each)
            for name, each in translators.items()
            if source in each.domains and each.channels == images.shape[-1]
        ]
        for target in dict.fromkeys(domain for _, each in known for domain in each.domains):
            for name, each in known:
                if target in each.domains and target != source:
                    rows[f"{source} to {target}: {name}"] = each.translate(images, target)
    return rows


def _images_of_one(runs, count):
    for run in runs:
        try:
            images = load_domains(TranslationConfig.of_record(run.record))
        except ConfigError:
            continue  # They are gone: perhaps another run's are not.
        domains = zip(images.class_names, by_domain(images), strict=True)
        return {name: domain.sample(count) for name, domain in domains}
    return {}


def _direction(row):
    return f"{row['source']} to {row['target']}"
