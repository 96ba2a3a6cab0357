"""What is wrong with a training, measured and said in plain words."""

from tfgan_lab.diagnosis.failures import FAILURES, Condition, Failure
from tfgan_lab.diagnosis.signals import Signals
from tfgan_lab.diagnosis.translation_signals import TRANSLATION_FAILURES, TranslationSignals
from tfgan_lab.diagnosis.verdict import Verdict, history, judge

__all__ = [
    "FAILURES",
    "TRANSLATION_FAILURES",
    "Condition",
    "Failure",
    "Signals",
    "TranslationSignals",
    "Verdict",
    "history",
    "judge",
]
