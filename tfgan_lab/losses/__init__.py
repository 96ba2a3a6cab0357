"""What the two networks minimise, as functions of logits."""

from tfgan_lab.losses.adversarial import (
    AdversarialLoss,
    BinaryCrossEntropy,
    Hinge,
    LeastSquares,
    RelativisticAverage,
    RelativisticPairing,
    Wasserstein,
)
from tfgan_lab.losses.answer_penalties import Consistency, LeCam
from tfgan_lab.losses.domains import LabelSets, StarGANLoss
from tfgan_lab.losses.falling import Falling
from tfgan_lab.losses.penalties import (
    DRAGAN,
    R1,
    R2,
    ApproximateR1,
    ApproximateR2,
    GradientPenalty,
    Judgement,
    Penalty,
)
from tfgan_lab.losses.translation import (
    CycleGANLoss,
    CycleGANLosses,
    cycle_loss,
    cyclegan_losses,
    identity_loss,
)

__all__ = [
    "DRAGAN",
    "R1",
    "R2",
    "AdversarialLoss",
    "ApproximateR1",
    "ApproximateR2",
    "BinaryCrossEntropy",
    "Consistency",
    "CycleGANLoss",
    "CycleGANLosses",
    "Falling",
    "GradientPenalty",
    "Hinge",
    "Judgement",
    "LabelSets",
    "LeCam",
    "LeastSquares",
    "Penalty",
    "RelativisticAverage",
    "RelativisticPairing",
    "StarGANLoss",
    "Wasserstein",
    "cycle_loss",
    "cyclegan_losses",
    "identity_loss",
]
