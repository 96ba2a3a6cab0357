import keras
import numpy as np
import pytest

from tests.conftest import assert_same_state, state_of
from tests.runs.tiny import tiny
from tfgan_lab import layers, losses
from tfgan_lab.models.optimisation import learning_rate_of
from tfgan_lab.runs.training import latent_building as building


def test_settings_reach_the_model(tmp_path):
    model = building.build_model(
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
            joint_batch=True,
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
    assert model.adversarial_loss.get_config() == {
        "real_label": 0.9,
        "fake_label": 0.0,
        "generator_label": 1.0,
        "label_noise": 0.02,
        "saturating": False,
        "mean_over_halves": False,
    }
    assert float(model.generator_optimizer.learning_rate) == pytest.approx(1e-3)
    assert float(model.discriminator_optimizer.learning_rate) == pytest.approx(2e-3)
    assert (model.generator_optimizer.beta_1, model.generator_optimizer.beta_2) == (0.1, 0.9)
    assert model.update.discriminator_steps == 2 and model.update.concatenate_batches
    assert model.ema_half_life_images == 77 and model.seed == 12
    assert model.steps_per_execution == 3


def test_settings_of_the_step_reach_the_model(tmp_path):
    model = building.build_model(
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
            penalty_interval=2,
            gradient_penalty_weight=3.0,
            dragan_weight=4.0,
            diff_augment_colour=0.5,
            diff_augment_translation=0.1,
            diff_augment_cutout=0.2,
        )
    )
    assert (model.generator.name, model.discriminator.name) == (
        "residual_generator",
        "residual_discriminator",
    )
    assert isinstance(model.adversarial_loss, losses.RelativisticPairing)
    assert [(penalty.name, penalty.get_config()) for penalty in model.penalties] == [
        ("r1_penalty", {"gamma": 0.5, "share": 0.5, "interval": 2}),
        ("r2_penalty", {"gamma": 0.25, "share": 0.5, "interval": 2}),
        (
            "gradient_penalty",
            {"weight": 3.0, "target": 1.0, "one_sided": False, "interval": 1},
        ),
        ("dragan_penalty", {"weight": 4.0, "interval": 1}),
    ]
    assert model.augmenter.get_config() == {
        "brightness": 0.25,
        "saturation": 0.5,
        "contrast": 0.25,
        "translation": 0.1,
        "cutout": 0.2,
    }
    assert building.build_model(tiny(tmp_path)).augmenter is None


def test_settings_of_dcgan_and_ada_reach_the_model(tmp_path):
    model = building.build_model(
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
            r2_gamma=0.5,
            approximate_sigma=0.02,
            gradient_penalty_weight=3.0,
            gradient_penalty_one_sided=True,
            lecam_weight=0.2,
            consistency_weight=6.0,
            diff_augment_cutout=0.2,
            ada_target=0.5,
            ada_images=1000,
        )
    )
    generator, discriminator = model.generator, model.discriminator
    assert (generator.name, discriminator.name) == ("dcgan_generator", "dcgan_discriminator")
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
    penalties = {penalty.name: penalty.get_config() for penalty in model.penalties}
    approximate = {"gamma": 0.5, "sigma": 0.02, "share": 1.0, "interval": 1}
    assert penalties["approximate_r1_penalty"] == approximate
    assert penalties["approximate_r2_penalty"] == approximate
    assert penalties["gradient_penalty"]["one_sided"]
    assert penalties["lecam_penalty"]["weight"] == 0.2
    assert penalties["consistency_penalty"]["weight"] == 6.0
    assert (model.augmenter.target, model.augmenter.images_to_full) == (0.5, 1000)
    assert model.augmenter.augmenter.cutout == 0.2


def test_settings_of_a_residual_discriminator_reach_the_model(tmp_path):
    shared = {"discriminator": "residual", "discriminator_widths": (4, 4, 4)}
    model = building.build_model(tiny(tmp_path, minibatch_stddev=True, **shared))
    assert any(isinstance(x, layers.MinibatchStdDev) for x in model.discriminator.layers)
    model = building.build_model(tiny(tmp_path, spectral_norm=True, **shared))
    assert any(isinstance(x, layers.SpectralConv2D) for x in model.discriminator.layers)


def test_zero_centred_penalties_are_annealed_and_others_are_not(tmp_path):
    model = building.build_model(
        tiny(tmp_path, r1_gamma=2.0, r2_gamma=1.0, penalty_anneal_images=500, dragan_weight=1.0)
    )
    annealed = [each for each in model.penalties if isinstance(each, losses.AnnealedPenalty)]
    assert [(each.name, each.images) for each in annealed] == [
        ("r1_penalty", 500),
        ("r2_penalty", 500),
    ]
    assert len(model.penalties) == 3


def test_the_generator_can_wait_for_the_discriminator(tmp_path):
    model = building.build_model(
        tiny(tmp_path, lr_control_target=0.4, generator_learning_rate=1e-3)
    )
    rate = learning_rate_of(model.generator_optimizer)
    assert (rate.initial, rate.target, rate.images) == (1e-3, 0.4, 5000)
    assert float(model.generator_optimizer.learning_rate) == pytest.approx(1e-3)


def test_weights_depend_on_the_seed_alone(tmp_path):
    one, two = (building.build_model(tiny(tmp_path, seed=1)) for _ in range(2))
    other = building.build_model(tiny(tmp_path, seed=2))
    assert_same_state(state_of(one), state_of(two))
    assert (one.generate(2) != other.generate(2)).any()


def test_global_policy_is_left_as_it_was(tmp_path):
    model = building.build_model(tiny(tmp_path, precision="mixed_bfloat16"))
    assert keras.config.dtype_policy().name == "float32"
    assert model.generator.layers[0].compute_dtype == "bfloat16"
