import keras
import numpy as np
import pytest

from tests.conftest import assert_same_state, state_of
from tests.runs.tiny import tiny
from tfgan_lab import losses
from tfgan_lab.models.optimisation import learning_rate_of
from tfgan_lab.runs.training.latent_building import build_model


def test_settings_reach_the_model(tmp_path):
    model = build_model(
        tiny(
            tmp_path,
            generator="transposed",
            generator_slope=0.3,
            discriminator_slope=0.3,
            discriminator_dropout=0.4,
            pixel_range=(0, 1),
            label_noise=0.02,
            real_label=0.9,
            generator_learning_rate=1e-3,
            discriminator_learning_rate=2e-3,
            beta_1=0.1,
            beta_2=0.9,
            discriminator_steps=2,
            concatenate_batches=True,
            opponent_in_training_mode=False,
            ema_half_life_images=77,
            steps_per_execution=3,
            seed=12,
        )
    )
    assert any(isinstance(x, keras.layers.Conv2DTranspose) for x in model.generator.layers)
    for network in (model.generator, model.discriminator):
        slopes = [x.negative_slope for x in network.layers if hasattr(x, "negative_slope")]
        assert slopes == pytest.approx([0.3])
    assert model.discriminator.layers[-2].rate == 0.4
    assert isinstance(model.discriminator.layers[0], keras.layers.Rescaling)
    loss = model.adversarial_loss
    assert (loss.real_label, loss.fake_label, loss.label_noise) == (0.9, 0.0, 0.02)
    assert float(model.generator_optimizer.learning_rate) == pytest.approx(1e-3)
    assert float(model.discriminator_optimizer.learning_rate) == pytest.approx(2e-3)
    assert (model.generator_optimizer.beta_1, model.generator_optimizer.beta_2) == (0.1, 0.9)
    assert model.update.get_config() == {
        "schedule": "alternating",
        "discriminator_steps": 2,
        "opponent_in_training_mode": False,
        "concatenate_batches": True,
        "shared_gradients": False,
    }
    assert model.ema_half_life_images == 77 and model.seed == 12
    assert model.steps_per_execution == 3 and model.augmenter is None


def test_settings_of_the_step_reach_the_model(tmp_path):
    model = build_model(
        tiny(
            tmp_path,
            generator="residual",
            generator_widths=(4, 4, 4),
            discriminator="residual",
            discriminator_widths=(4, 4, 4),
            loss="relativistic_pairing",
            r1_gamma=0.5,
            r2_gamma=0.25,
            penalty_share=0.5,
            penalty_anneal_images=500,
            diff_augment_colour=0.5,
            diff_augment_translation=0.1,
            ada_target=0.5,
            ada_images=1000,
            lr_control_target=0.4,
            generator_learning_rate=1e-3,
        )
    )
    names = model.generator.name, model.discriminator.name
    assert names == ("residual_generator", "residual_discriminator")
    assert isinstance(model.adversarial_loss, losses.RelativisticPairing)
    assert all(isinstance(each, losses.AnnealedPenalty) for each in model.penalties)
    assert [(each.name, each.images, each.penalty.get_config()) for each in model.penalties] == [
        ("r1_penalty", 500, {"gamma": 0.5, "share": 0.5, "interval": 1}),
        ("r2_penalty", 500, {"gamma": 0.25, "share": 0.5, "interval": 1}),
    ]
    assert (model.augmenter.target, model.augmenter.images_to_full) == (0.5, 1000)
    assert model.augmenter.augmenter.get_config() == {
        "brightness": 0.25,
        "saturation": 0.5,
        "contrast": 0.25,
        "translation": 0.1,
        "cutout": 0.0,
    }
    rate = learning_rate_of(model.generator_optimizer)
    assert (rate.initial, rate.target) == (1e-3, 0.4)


def test_settings_of_dcgan_reach_the_model(tmp_path):
    model = build_model(
        tiny(
            tmp_path,
            generator="dcgan",
            generator_widths=(8, 4, 4),
            generator_slope=0.0,
            first_stride=1,
            discriminator="dcgan",
            discriminator_dropout=0.3,
            discriminator_slope=0.1,
            batch_norm=False,
            kernel_size=5,
            initial_deviation=0.05,
            r1_gamma=0.5,
        )
    )
    generator, discriminator = model.generator, model.discriminator
    convolutions = [
        layer
        for network in (generator, discriminator)
        for layer in network.layers
        if hasattr(layer, "kernel_size")
    ]
    assert {layer.kernel_size for layer in convolutions} == {(5, 5)}
    assert convolutions[0].strides == (1, 1)
    assert 0.04 < np.std(generator.layers[0].kernel) < 0.06
    kinds = [type(layer).__name__ for layer in discriminator.layers]
    assert kinds == ["Conv2D", "LeakyReLU", "Dropout", "Flatten", "Dense"]
    assert discriminator.layers[1].negative_slope == pytest.approx(0.1)
    assert discriminator.layers[2].rate == 0.3
    assert [type(penalty) for penalty in model.penalties] == [losses.R1]


@pytest.mark.parametrize("schedule", ["shared_fakes", "simultaneous"])
def test_schedules_reach_the_model(schedule, tmp_path):
    assert build_model(tiny(tmp_path, schedule=schedule)).update.schedule == schedule


def test_weights_depend_on_the_seed_alone(tmp_path):
    one, two = (build_model(tiny(tmp_path, seed=1)) for _ in range(2))
    other = build_model(tiny(tmp_path, seed=2))
    assert_same_state(state_of(one), state_of(two))
    assert (one.generate(2) != other.generate(2)).any()


def test_global_policy_is_left_as_it_was(tmp_path):
    model = build_model(tiny(tmp_path, precision="mixed_bfloat16"))
    assert keras.config.dtype_policy().name == "float32"
    assert model.generator.layers[0].compute_dtype == "bfloat16"
