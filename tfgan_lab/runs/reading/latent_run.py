"""A run that trained a generator from latents."""

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.callbacks.diagnosis import MAX_REFERENCE_IMAGES
from tfgan_lab.diagnosis.failures import FAILURES
from tfgan_lab.diagnosis.signals import Signals
from tfgan_lab.files import read_json
from tfgan_lab.latents.generator import LatentGenerator
from tfgan_lab.plots.confusion import confusion_map
from tfgan_lab.runs.reading.finished_run import FinishedRun
from tfgan_lab.runs.reading.generation import draw_latents, open_generator
from tfgan_lab.runs.reading.run_evaluation import Request, evaluate_generator
from tfgan_lab.runs.reading.tables import aligned, class_table, evaluation_table, protocol_lines
from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.training.latent_building import build_model
from tfgan_lab.runs.training.run_images import load_images
from tfgan_lab.runs.training.run_record import num_classes_of


class LatentRun(FinishedRun):
    """A run of ``tfgan_lab.runs.train``, see ``FinishedRun``."""

    CONFIG, FAILURES = RunConfig, FAILURES
    TRY_IT = "tfgan-lab explore {}"  # what shows what the generator does

    def generator(self, file=run_layout.GENERATOR) -> LatentGenerator:
        """The generator that was released.

        Args:
            file: its name in the run.

        Raises:
            ConfigError: there is none yet.
        """
        return open_generator(self.path / file)

    def read_signals(self, model) -> dict:
        """Reads what tells failures from success off a model, as the diagnosis while training does.

        Args:
            model: what ``model`` returned.
        """
        images = self.images()
        labels = images.sample_labels(MAX_REFERENCE_IMAGES) if self.config.conditional else None
        signals = Signals(images.sample(MAX_REFERENCE_IMAGES), seed=images.seed, labels=labels)
        return signals.read(model)

    def evaluate(self, request=None, progress=None) -> list:
        """Evaluates a generator, and adds the values to ``metrics.json`` and TensorBoard.

        Args:
            request: ``Request``; the default one unless given.
            progress: function of (done, total), or ``None``.

        Returns:
            List of ``tfgan_lab.metrics.Evaluation``; of a run with classes, those within classes
            are behind the others, and ``classes.json`` holds the confusion matrix.

        Raises:
            ConfigError: no generator, other images than the run began with, or a request that
                makes no sense.
        """
        return evaluate_generator(self, request or Request(), progress)

    def describe_evaluation(self, evaluations) -> str:
        """Tables of what ``evaluate`` returned, and what their values can't say.

        Args:
            evaluations: list of ``Evaluation``, all of one call.
        """
        entries = [each.to_dict() for each in evaluations]
        lines = [*aligned(evaluation_table(entries)), "", *protocol_lines(entries)]
        if any(each.metric == "class_accuracy" for each in evaluations):
            lines += aligned(class_table(read_json(self.path / run_layout.CLASSES)))
        return "\n".join([*lines, f"Added to {self.path / run_layout.METRICS}"])

    def measure_tables(self, *generators) -> list:
        """The newest value of each measure, as a table with a sentence about it.

        Args:
            *generators: file names; the released one and the last one unless given.

        Returns:
            List of (sentence, list of lists of str, heads first); empty where nothing was measured.
        """
        names = generators or (run_layout.GENERATOR, run_layout.LAST_GENERATOR)
        entries = [
            entry | {"metric": f"{entry['metric']} of the last"}
            if name == run_layout.LAST_GENERATOR
            else entry
            for name in names
            for entry in self.evaluations(name)
        ]
        if not entries:
            return []
        table = evaluation_table(
            entries,
            ("features", lambda entry: entry["protocol"]["features"]),
            ("resizer", lambda entry: entry["protocol"]["resizer"]),
            ("real, generated", lambda entry: "{real}, {fake}".format(**entry["counts"])),
            ("epoch", lambda entry: str(entry["epoch"])),
        )
        return [
            (
                "The last value of each, beside real against real: one half of the real images "
                "against the other. Values compare only where features, resizer and numbers of "
                "images are the same.",
                table,
            )
        ]

    def evaluation_figures(self):
        """Figures of the last evaluation of classes: yields a name, a figure and its caption."""
        file = self.path / run_layout.CLASSES
        if not file.exists():
            return
        record = read_json(file)
        accuracy = f"{100 * record['accuracy']:.1f} % accuracy"
        yield (
            "fig_classes_confusion",
            confusion_map(np.array(record["confusion"]), record["class_names"], accuracy),
            "What a classifier takes the generated images of each class for, in percent; "
            f"{record['classifier']}.",
        )

    @staticmethod
    def side_by_side(runs, count=8, seed=0) -> tuple:
        """Images of several runs' released generators from the same latents.

        Args:
            runs: dict of name to ``LatentRun``; those without a generator yet are left out.
                Latents of another size or distribution are others, drawn with the same key.
            count: int, images of each; with classes, all take turns.
            seed: int, key of the latents.

        Returns:
            Dict of a run's name to a float32 array of images in [-1, 1], and a caption.
        """
        images = {}
        for name, run in runs.items():
            if (run.path / run_layout.GENERATOR).is_file():
                generator = run.generator()
                latents = draw_latents(generator.latents, count, seed)
                turns = np.arange(count) % max(1, len(generator.class_names))
                images[name] = generator.generate(latents, turns if generator.conditional else None)
        return images, f"Images of every run from the same latents, those of seed {seed}."

    def _load_images(self):
        return load_images(self.config)

    def _build_model(self):
        return build_model(self.config, num_classes_of(self.record))
