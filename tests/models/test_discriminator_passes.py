import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tfgan_lab.losses import DRAGAN, R1, R2, AnnealedPenalty, ApproximateR1
from tfgan_lab.models import UpdateRule


@pytest.fixture
def make():
    """Builds the same small residual GAN again and again."""

    def build(penalties, **rule):
        keras.utils.set_random_seed(5)
        gan = tgl.GAN(
            tgl.networks.residual_generator(image_size=16, latent_size=4, widths=(4, 4, 4)),
            tgl.networks.residual_discriminator(image_size=16, widths=(4, 4, 4)),
            seed=5,
        )
        # The last convolutions begin at zero, where half of the terms would not be seen.
        rng = np.random.default_rng(0)
        for weight in gan.discriminator.trainable_variables:
            weight.assign(rng.normal(0, 0.4, weight.shape))
        gan.compile(
            generator_optimizer=keras.optimizers.SGD(0.1),
            discriminator_optimizer=keras.optimizers.SGD(0.1),
            loss=tgl.losses.RelativisticPairing(),
            penalties=penalties,
            update=UpdateRule(concatenate_batches=True, **rule),
        )
        return gan

    return build


@pytest.mark.parametrize(
    ("batch", "schedule", "penalties"),
    [
        (4, "alternating", [R1(2.0), R2(3.0)]),
        (5, "alternating", [R1(2.0, share=0.5), R2(3.0, share=0.5)]),
        (8, "simultaneous", [AnnealedPenalty(R1(2.0, share=0.25), 100), R2(3.0, share=0.75)]),
        (1, "simultaneous", [R1(2.0, share=0.5), R2(3.0, share=0.5)]),
    ],
)
def test_shared_gradients_change_nothing_but_the_work(make, batch, schedule, penalties):
    real = tf.random.stateless_uniform((batch, 16, 16, 3), (7, 7), -1, 1)
    steps = {}
    for shared in (False, True):
        gan = make(penalties, shared_gradients=shared, schedule=schedule)
        logs = gan.train_step({"image": real})
        steps[shared] = [np.asarray(value) for value in (*logs.values(), *gan.trainable_variables)]
        assert float(logs["r1_penalty"]) > 0.01 and float(logs["r2_penalty"]) > 0.01
    for plain, shared in zip(steps[False], steps[True], strict=True):
        np.testing.assert_allclose(shared, plain, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize(
    "penalties", [[], [DRAGAN()], [ApproximateR1()], [R1(1.0, interval=4)]], ids=len
)
def test_refuses_to_share_what_no_penalty_takes(make, penalties):
    with pytest.raises(ValueError, match="Expected R1 or R2 at every step with shared_gradients"):
        make(penalties, shared_gradients=True)
