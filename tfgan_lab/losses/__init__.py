"""What the two networks minimise, as functions of logits."""

from tfgan_lab.losses.adversarial import AdversarialLoss, BinaryCrossEntropy

__all__ = ["AdversarialLoss", "BinaryCrossEntropy"]
