"""A run that trained a translator between domains of images."""

import dataclasses

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.callbacks.translation_snapshots import translation_rows
from tfgan_lab.diagnosis.translation_signals import TRANSLATION_FAILURES, TranslationSignals
from tfgan_lab.files import read_json, write_json
from tfgan_lab.models import load_model
from tfgan_lab.plots.grids import image_grid
from tfgan_lab.runs.reading.finished_run import FinishedRun
from tfgan_lab.runs.reading.generation import generator_file
from tfgan_lab.runs.reading.run_evaluation import Request
from tfgan_lab.runs.reading.tables import aligned, factor_table, kid_table
from tfgan_lab.runs.reading.translation_measures import measure_factors, measure_kid
from tfgan_lab.runs.reading.translator import Translator
from tfgan_lab.runs.settings.translation_config import TranslationConfig
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.run_domains import by_domain, load_domains
from tfgan_lab.runs.training.translation_training import SHOWN, build_for

ROWS = 4  # of a figure, of each domain


class TranslationRun(FinishedRun):
    """A run of ``tfgan_lab.runs.train_translation``, see ``FinishedRun``."""

    CONFIG, FAILURES = TranslationConfig, TRANSLATION_FAILURES
    EVALUATION_UNIT = "directions"
    TRY_IT = "tfgan-lab translate {} IMAGE"  # what shows what the generator does

    def generator(self) -> Translator:
        """The translator that was released.

        Raises:
            ConfigError: there is none yet.
        """
        network = load_model(generator_file(self.path), compile=False)
        return Translator(network, self.record["data"]["domains"])

    def read_signals(self, model) -> dict:
        """As of ``LatentRun``.

        Args:
            model: what ``model`` returned.
        """
        shown = [domain.sample(SHOWN) for domain in by_domain(self.images())]
        return TranslationSignals(shown).read(model)

    def evaluate(self, request=None, progress=None) -> dict:
        """Measures the released generator in every direction, and writes ``translation.json``.

        Args:
            request: ``Request`` of which nothing but ``features`` and ``weights`` was chosen; the
                default one unless given.
            progress: function of (done, total), or ``None``.

        Returns:
            Dict of ``kid``, what ``measure_kid`` returns, and for drawn domains ``factors``, what
            ``measure_factors`` returns.

        Raises:
            ConfigError: nothing released, other images than the run began with, or a request of
                measures that a translator doesn't have.
        """
        request = request or Request()
        plain = Request(features=request.features, weights=request.weights)
        chosen = [
            f"--{field.name}"
            for field in dataclasses.fields(Request)
            if getattr(request, field.name) != getattr(plain, field.name)
        ]
        if chosen:
            raise ConfigError(
                "Expected no more than --features and --weights with a translator, which has "
                f"measures of its own. Received: {', '.join(chosen)}"
            )
        translator = self.generator()
        domains = [domain.images for domain in by_domain(self.images())]
        measures = {
            "kid": measure_kid(translator, domains, request.features, request.weights, progress)
        }
        if self.config.drawn:
            measures["factors"] = measure_factors(translator, self.config)
        write_json(self.path / run_layout.TRANSLATION, measures)
        return measures

    def measures(self) -> dict:
        """What ``evaluate`` returned the last time; empty where nothing was measured."""
        file = self.path / run_layout.TRANSLATION
        return read_json(file) if file.exists() else {}

    def evaluations(self, generator=run_layout.GENERATOR) -> list:
        """Its measures of every direction in the form that other runs' evaluations have.

        Args:
            generator: file name; nothing is measured of any but the released one.

        Returns:
            List of dicts with ``metric``, ``value``, ``protocol`` and ``counts``.
        """
        measures = self.measures() if generator == run_layout.GENERATOR else {}
        kid = [
            row["after"] | {"metric": f"kid, {row['source']} to {row['target']}"}
            for row in measures.get("kid", [])
        ]
        return kid + [
            {
                "metric": f"as asked, {row['source']} to {row['target']}",
                "value": row["asked"],
                "protocol": {"features": "drawn scenes"},
                "counts": {"fake": row["count"]},
            }
            for row in measures.get("factors", [])
        ]

    def measure_tables(self, *generators) -> list:
        """As of ``LatentRun``: a table of factors, where domains were drawn, and one of KID.

        Args:
            *generators: file names; nothing is measured of any but the released one.
        """
        measures, tables = self.measures(), []
        if not measures or (generators and run_layout.GENERATOR not in generators):
            return []
        if "factors" in measures:
            sentence = (
                f"Of {measures['factors'][0]['count']} unseen scenes each: the share whose factor "
                "is read as asked, how often the reader is right about drawn images, the share "
                "whose other factor is read as before. Differences are means of 255: outside of "
                "what should change from what went in (and what another image has), inside from "
                "what should have come out (and what went in has)."
            )
            tables.append((sentence, factor_table(measures["factors"])))
        features = measures["kid"][0]["after"]["protocol"]["features"]
        sentence = f"KID to the target domain, in features {features}."
        return [*tables, (sentence, kid_table(measures["kid"]))]

    def describe_evaluation(self, measures) -> str:
        """Tables of what ``evaluate`` returned, and what they say.

        Args:
            measures: the dict.
        """
        lines = []
        for sentence, table in self.measure_tables():
            lines += [*aligned(table), sentence, ""]
        notes = [f"Note: {warning}" for warning in measures["kid"][0]["after"]["warnings"]]
        return "\n".join([*lines[:-1], *notes])

    def evaluation_figures(self):
        """A figure of translations: yields its name, itself and its caption."""
        generator, images = self.generator().generator, self.images()
        names = images.class_names
        shown, labels = [], []
        for number, domain in enumerate(by_domain(images)):
            shown.append(translation_rows(generator, domain.sample(ROWS), number))
            rows = len(shown[-1]) // (len(names) + 2)
            labels += [names[number], *(f"to {name}" for name in names), "and back"] * rows
        yield (
            "translations",
            image_grid(np.concatenate(shown), columns=len(names) + 2, labels=labels, inches=1.1),
            f"Images of each domain, their translations to {', '.join(names)}, and what comes "
            "back from the next domain.",
        )

    @staticmethod
    def side_by_side(runs, count=8, seed=0) -> tuple:
        """The same images, translated by several runs.

        Args:
            runs: dict of name to ``TranslationRun``. Left out are those without a generator yet
                and, of a direction, those that don't know its domains. The images are those of
                the first run whose own are still where they were.
            count: int, images of each domain.
            seed: of no effect; the first images of each domain are taken.

        Returns:
            Dict of a row's name to a float32 array in [-1, 1]: some images of each domain, and
            below them, for each other domain, what each run makes of them; empty where no run has
            images. And a caption.
        """
        released = {
            name: run for name, run in runs.items() if (run.path / run_layout.GENERATOR).is_file()
        }
        translators = {name: run.generator() for name, run in released.items()}
        rows = {}
        for source, images in _images_of_one(released.values(), count).items():
            rows[source] = images
            known = {
                name: each
                for name, each in translators.items()
                if source in each.domains and each.channels == images.shape[-1]
            }
            targets = dict.fromkeys(domain for each in known.values() for domain in each.domains)
            for target in targets:
                for name, each in known.items():
                    if target in each.domains and target != source:
                        rows[f"{source} to {target}: {name}"] = each.translate(images, target)
        return rows, "The same images of each domain, and what every run makes of them."

    def _load_images(self):
        return load_domains(self.config)

    def _build_model(self):
        return build_for(self.config, self.images())


def _images_of_one(runs, count):
    for run in runs:
        try:
            images = load_domains(run.config)
        except ConfigError:
            continue  # They are gone: perhaps another run's are not.
        domains = zip(images.class_names, by_domain(images), strict=True)
        return {name: domain.sample(count) for name, domain in domains}
    return {}
