"""Who is updated when, on what, and in which mode."""

import dataclasses

import keras

from tfgan_lab.configurable import Configurable

SCHEDULES = ("alternating", "shared_fakes", "simultaneous")


@keras.saving.register_keras_serializable(package="tfgan_lab")
@dataclasses.dataclass(frozen=True)
class UpdateRule(Configurable):
    """How one training step updates the two networks.

    The modes matter as soon as a network has batch norm or dropout. Report R0 lets the network
    that is not being updated run in inference mode and shows the discriminator one concatenated
    batch; the usual PyTorch recipe (R1, R2) runs everything in training mode on separate batches;
    R4 computes both gradients from one forward pass.

    Args:
        schedule: ``"alternating"``, algorithm 1 of arXiv 1406.2661: ``discriminator_steps`` updates
            of the discriminator, each on images of new latents, then one of the generator, on new
            latents again. ``"shared_fakes"``: both updates look at the same generated images, the
            discriminator's first; a relativistic loss compares them with the real images' logits
            from before it. ``"simultaneous"``: both updates come from one forward pass, with the
            weights as they were.
        discriminator_steps: int from 1, with ``"alternating"``; all of them on the same real
            images.
        opponent_in_training_mode: whether the network that is not being updated runs in training
            mode; only ``"alternating"`` leaves the choice.
        concatenate_batches: whether real and fake images go through the discriminator as one batch,
            sharing batch norm's statistics, or one after the other.
        shared_gradients: whether the images whose input gradient R1 or R2 takes go through the
            discriminator once for both their answer and that gradient, and the others in a batch
            of their own. The same numbers for less work, as long as an answer doesn't depend on the
            rest of its batch.

    Raises:
        ValueError: an unknown schedule, or arguments that it leaves without effect.
    """

    schedule: str = "alternating"
    discriminator_steps: int = 1
    opponent_in_training_mode: bool = True
    concatenate_batches: bool = False
    shared_gradients: bool = False

    def __post_init__(self):
        """Refuses what has no meaning together."""
        if self.schedule not in SCHEDULES:
            raise ValueError(
                f"Expected schedule out of {', '.join(SCHEDULES)}. Received: {self.schedule!r}"
            )
        if self.discriminator_steps < 1:
            raise ValueError(
                "Expected discriminator_steps of at least 1. "
                f"Received: discriminator_steps={self.discriminator_steps}"
            )
        if self.schedule != "alternating" and (
            self.discriminator_steps > 1 or not self.opponent_in_training_mode
        ):
            raise ValueError(
                "Expected discriminator_steps=1 and opponent_in_training_mode=True with "
                f'schedule="{self.schedule}". Received: '
                f"discriminator_steps={self.discriminator_steps}, "
                f"opponent_in_training_mode={self.opponent_in_training_mode}"
            )
        if self.shared_gradients and not self.concatenate_batches:
            raise ValueError(
                "Expected concatenate_batches=True with shared_gradients=True. "
                "Received: concatenate_batches=False"
            )
