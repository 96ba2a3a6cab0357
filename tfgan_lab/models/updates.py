"""Who is updated when, on what, and in which mode."""

import dataclasses

import keras

from tfgan_lab.configurable import Configurable


@keras.saving.register_keras_serializable(package="tfgan_lab")
@dataclasses.dataclass(frozen=True)
class UpdateRule(Configurable):
    """How one training step alternates between the two networks.

    The modes matter as soon as a network has batch norm or dropout. Report R0 lets the network
    that is not being updated run in inference mode and shows the discriminator one joint batch;
    the usual PyTorch recipe (R1, R2) runs everything in training mode on separate batches; R4
    computes both gradients from one forward pass.

    Args:
        single_pass: whether both gradients come from one forward pass on the same latents, before
            either network moves. Otherwise the discriminator moves first and the generator answers
            with fresh latents.
        discriminator_steps: int from 1, discriminator updates before each generator update, each
            with fresh latents on the same real images. A single pass has one.
        opponent_training: whether the network that is not being updated runs in training mode. In
            a single pass both networks are being updated, so it must be true.
        joint_batch: whether real and fake images go through the discriminator as one batch,
            sharing batch norm's statistics, or one after the other.
        shared_gradients: whether the images whose input gradient R1 or R2 takes go through the
            discriminator once for both their answer and that gradient, and the others in a batch
            of their own. The same numbers for less work, as long as an answer doesn't depend on the
            rest of its batch.
        reused_images: whether the generator answers with the images that the discriminator
            has just been shown, instead of fresh ones, and compares them, where the loss is
            relativistic, with the real images' logits from before the discriminator moved.
    """

    single_pass: bool = False
    discriminator_steps: int = 1
    opponent_training: bool = True
    joint_batch: bool = False
    shared_gradients: bool = False
    reused_images: bool = False

    def __post_init__(self):
        """Refuses combinations in which an option would have no effect."""
        if self.discriminator_steps < 1:
            raise ValueError(
                "Expected discriminator_steps of at least 1. "
                f"Received: discriminator_steps={self.discriminator_steps}"
            )
        if self.single_pass and (self.discriminator_steps > 1 or not self.opponent_training):
            raise ValueError(
                "Expected discriminator_steps=1 and opponent_training=True with single_pass=True, "
                "where both networks are updated from one pass. Received: "
                f"discriminator_steps={self.discriminator_steps}, "
                f"opponent_training={self.opponent_training}"
            )
        if self.reused_images and (
            self.single_pass or self.discriminator_steps > 1 or not self.opponent_training
        ):
            raise ValueError(
                "Expected discriminator_steps=1, opponent_training=True and single_pass=False with "
                "reused_images=True. Received: "
                f"discriminator_steps={self.discriminator_steps}, "
                f"opponent_training={self.opponent_training}, single_pass={self.single_pass}"
            )
        if self.shared_gradients and not self.joint_batch:
            raise ValueError(
                "Expected joint_batch=True with shared_gradients=True. Received: joint_batch=False"
            )
