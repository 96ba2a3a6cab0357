"""What is wrong with a training, measured and said in plain words."""

from tfgan_lab.diagnosis.embedding import RandomEmbedding
from tfgan_lab.diagnosis.failures import FAILURES, Condition, Failure
from tfgan_lab.diagnosis.signals import Signals
from tfgan_lab.diagnosis.spread import (
    copying_ratio,
    coverage_and_density,
    distances,
    kernel_entropy_ratio,
    neighbour_ratio,
)
from tfgan_lab.diagnosis.verdict import Verdict, judge

__all__ = [
    "FAILURES",
    "Condition",
    "Failure",
    "RandomEmbedding",
    "Signals",
    "Verdict",
    "copying_ratio",
    "coverage_and_density",
    "distances",
    "judge",
    "kernel_entropy_ratio",
    "neighbour_ratio",
]
