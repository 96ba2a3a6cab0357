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
from tfgan_lab.losses.annealed_penalty import AnnealedPenalty
from tfgan_lab.losses.cyclegan import (
    CycleGANLoss,
    CycleGANLosses,
    cycle_loss,
    cyclegan_losses,
    identity_loss,
)
from tfgan_lab.losses.logit_penalties import Consistency, LeCam
from tfgan_lab.losses.penalties import (
    DRAGAN,
    R1,
    R2,
    ApproximateR1,
    ApproximateR2,
    DiscriminatorBatch,
    GradientPenalty,
    Penalty,
)
from tfgan_lab.losses.stargan import LabelSets, StarGANLoss

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
    "AnnealedPenalty",
    "GradientPenalty",
    "Hinge",
    "DiscriminatorBatch",
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
