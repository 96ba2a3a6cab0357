"""Callbacks: the only ones that write while a model trains."""

from tfgan_lab.callbacks.checkpoints import Checkpoints, TrainingInterrupted
from tfgan_lab.callbacks.csv_log import CsvLog
from tfgan_lab.callbacks.diagnosis import Diagnosis
from tfgan_lab.callbacks.discriminator_maps import DiscriminatorMaps
from tfgan_lab.callbacks.evaluate import Evaluate
from tfgan_lab.callbacks.finite_guard import FiniteGuard, NonFiniteError
from tfgan_lab.callbacks.generator_release import GeneratorRelease
from tfgan_lab.callbacks.image_snapshots import ImageSnapshots
from tfgan_lab.callbacks.progress_bar import ProgressBar
from tfgan_lab.callbacks.tensorboard_log import TensorBoardLog
from tfgan_lab.callbacks.translation_snapshots import TranslationSnapshots, translation_rows

__all__ = [
    "Checkpoints",
    "CsvLog",
    "Diagnosis",
    "DiscriminatorMaps",
    "Evaluate",
    "FiniteGuard",
    "GeneratorRelease",
    "ImageSnapshots",
    "NonFiniteError",
    "ProgressBar",
    "TensorBoardLog",
    "TrainingInterrupted",
    "TranslationSnapshots",
    "translation_rows",
]
