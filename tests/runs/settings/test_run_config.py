import dataclasses
import json
import math

import pytest

from tfgan_lab.runs.settings.presets import PRESETS
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig


def make(**settings):
    return RunConfig.from_preset(**({"preset": "light", "drawn": "plates"} | settings))


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_valid_and_known_settings(preset):
    config = make(preset=preset, drawn="", data_dir="images")
    assert config.preset == preset
    for name, value in PRESETS[preset].items():
        assert getattr(config, name) == value


def test_report_r0_number_for_number():
    a, b = make(preset="r0-transposed"), make(preset="r0-upsampling")
    assert (a.generator_learning_rate, a.discriminator_learning_rate) == (1e-5, 1e-6)
    assert (b.generator_learning_rate, b.discriminator_learning_rate) == (8e-6, 1e-6)
    assert (a.epochs, b.epochs) == (5700, 4600)
    for config in (a, b):
        assert config.latent_size == 128 and config.image_size == 64 and config.batch_size == 32
        assert (config.real_label, config.fake_label, config.label_noise) == (1, 0, 0.05)
        assert not config.single_pass and not config.opponent_training and config.joint_batch
        assert config.ema_half_life_images == 0 and config.pixel_range == (0, 1)
        assert config.discriminator_widths == (64, 128, 128)
        assert (config.augment_flip, config.augment_zoom, config.augment_rotation) == (
            True,
            0.1,
            0.1,
        )


def test_report_r1_number_for_number():
    config = make(preset="r1")
    assert (config.real_label, config.fake_label, config.generator_label) == (0.8, 0.1, 0.8)
    assert (config.generator_learning_rate, config.discriminator_learning_rate) == (2e-4, 2e-4)
    assert (config.beta_1, config.beta_2, config.initial_deviation) == (0.5, 0.999, 0.02)
    assert config.generator_slope == 0 and config.discriminator_slope == 0.2
    assert config.batch_norm and config.first_stride == 2 and config.image_size == 64
    assert not config.joint_batch and not config.augment_flip and not config.augment_rotation


def test_report_r2_number_for_number():
    config = make(preset="r2")
    assert (config.latent_size, config.batch_size, config.epochs) == (128, 128, 10)
    assert (config.generator_learning_rate, config.discriminator_learning_rate) == (2e-4, 2e-4)
    assert config.loss == "binary_cross_entropy" and config.real_label == 1
    assert config.generator_slope == 0.2 and config.batch_norm and config.image_size == 64
    assert config.ema_half_life_images == 0 and not config.augment_flip
    for size in (64, 256):
        for kernel in (4, 6, 8):
            make(preset="r2", kernel_size=kernel, image_size=size)
    make(preset="r2", loss="least_squares")
    make(preset="r2", real_label=0.9)


def test_report_r3_number_for_number():
    config = make(preset="r3", drawn="", data_dir="images")
    assert (config.channels, config.image_size, config.latent_size) == (1, 64, 100)
    assert config.generator_widths == (256, 128, 64, 32) and config.first_stride == 1
    assert config.discriminator_widths == (64, 128) and config.kernel_size == 5
    assert config.discriminator_dropout == 0.3 and not config.batch_norm
    assert (config.generator_learning_rate, config.beta_1, config.epochs) == (2e-4, 0.5, 1000)
    assert (config.real_label, config.fake_label, config.augment_flip) == (1, 0, True)


def test_report_r2_with_classes_number_for_number():
    config = make(preset="r2-conditional", drawn="vehicles")
    assert config.conditional and config.epochs == 20 and config.generator_slope == 0
    ways = config.generator_conditioning, config.discriminator_conditioning
    assert ways == ("concatenation", "concatenation") and config.label_size == 0
    assert len(config.class_widths) > 1 and config.class_dropout > 0
    plain = make(preset="r2", drawn="vehicles").to_dict()
    differing = {name for name, value in config.to_dict().items() if plain[name] != value}
    assert differing == {
        "preset", "conditional", "discriminator_conditioning", "generator_slope", "epochs",
        "class_widths", "class_dropout",
    }  # fmt: skip
    widths = {"generator_widths": (8,) * 6, "discriminator_widths": (8,) * 6}
    assert make(preset="r2-conditional", image_size=256, **widths).image_size == 256


def test_report_r4_number_for_number():
    config = make(preset="r4", drawn="", data_dir="mnist")
    assert (config.image_size, config.channels, config.batch_size) == (28, 1, 256)
    assert (config.latent_size, config.epochs, config.checkpoint_every) == (100, 50, 15)
    assert config.generator_widths == (256, 128, 64) and config.first_stride == 1
    assert config.discriminator_widths == (64, 128) and config.kernel_size == 5
    assert config.discriminator_dropout == 0.3 and not config.batch_norm
    rates = config.generator_learning_rate, config.discriminator_learning_rate
    assert rates == (1e-4, 1e-4) and config.single_pass and not config.mean_over_halves
    conditional = make(preset="r4-conditional", drawn="", data_dir="mnist")
    assert conditional.conditional and conditional.epochs == 50
    # The networks are the report's; what it leaves open is not.
    assert conditional.generator_widths == (256, 128, 64)
    assert conditional.discriminator_conditioning == "projection"


def test_overrides_win_over_the_preset():
    assert make(preset="r0-transposed", epochs=3, generator_learning_rate=1e-4).epochs == 3


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"drawn": ""}, "Expected one of --data_dir=FOLDER, --tfds_name=NAME and --drawn=plates"),
        (
            {"data_dir": "x"},
            "Expected one of --data_dir=FOLDER, --tfds_name=NAME and --drawn=plates",
        ),
        (
            {"preset": "best"},
            "Expected a preset out of small-data, projected, from-scratch, .*: preset='best'",
        ),
        ({"colour": 1}, "Expected the name of a setting. Received: 'colour'"),
        ({"image_size": 60}, r"--image_size divisible by 8 with --generator=upsampling.*size=60"),
        ({"generator": "residual"}, "Expected 5 widths for .* --generator=residual"),
        (
            {"discriminator": "residual", "discriminator_widths": (8, 8)},
            "Received: .* for --discriminator=residual",
        ),
        ({"loss": "hinge", "label_noise": 0.05}, "--loss=binary_cross_entropy with --label_noise"),
        ({"loss": "hinge", "preset": "r0-transposed"}, "--label_noise=0.0 leaves it out"),
        ({"loss": "mean_squared"}, "Expected --loss out of binary_cross_entropy, least_squares"),
        ({"penalty_share": 0.5}, "Expected --r1_gamma or --r2_gamma with --penalty_share"),
        (
            {"lr_control_target": 0.5, "loss": "wasserstein"},
            "another --loss .* with --lr_control_target",
        ),
        ({"lr_control_images": 9}, "Expected --lr_control_target with --lr_control_images"),
        ({"penalty_anneal_images": 9}, "Expected --r1_gamma or --r2_gamma with --penalty_anneal"),
        ({"penalty_interval": 4}, "Expected --r1_gamma or --r2_gamma with --penalty_interval"),
        ({"approximate_sigma": 0.1}, "Expected --r1_gamma or --r2_gamma with --approximate_sigma"),
        ({"gradient_penalty_one_sided": True}, "with --gradient_penalty_one_sided.*; --nogradient"),
        ({"ada_target": 0.6}, "Expected a --diff_augment_... strength and .* with --ada_target"),
        ({"ada_images": 9}, "Expected --ada_target with --ada_images"),
        (
            {"ada_target": 0.6, "loss": "wasserstein", "diff_augment_cutout": 0.5},
            "another --loss than least_squares or wasserstein with --ada_target",
        ),
        ({"generator_conditioning": "batch_norm"}, "Expected --conditional with --generator_cond"),
        ({"discriminator_conditioning": "classifier"}, "--conditional with --discriminator_cond"),
        ({"class_sampling": "balanced"}, "Expected --conditional with --class_sampling"),
        ({"label_size": 4}, "Expected --conditional --generator_conditioning=concatenation with"),
        (
            {"label_size": 4, "conditional": True, "generator_conditioning": "batch_norm"},
            "Expected --conditional --generator_conditioning=concatenation with --label_size",
        ),
        (
            {"class_widths": (8,), "conditional": True},
            "--discriminator_conditioning=concatenation with --class_widths",
        ),
        (
            {"class_dropout": 0.5, "conditional": True},
            "--discriminator_conditioning=concatenation with --class_dropout",
        ),
        (
            {"class_loss_weight": 2.0, "conditional": True},
            "--discriminator_conditioning=classifier with --class_loss_weight",
        ),
        (
            {"preset": "from-scratch", "conditional": True, "generator_conditioning": "batch_norm"},
            "--generator=upsampling or dcgan with --generator_conditioning=batch_norm",
        ),
        (
            {"drawn": "", "tfds_name": "food", "tfds_label": "1", "conditional": True},
            "Expected no --tfds_label with --conditional",
        ),
        ({"first_stride": 1}, "Expected --generator=dcgan with --first_stride"),
        ({"first_stride": 3, "preset": "r1"}, "Expected --first_stride=1 or 2. Received: 3"),
        ({"batch_norm": False}, "Expected --discriminator=dcgan with --batch_norm.*; --batch_norm"),
        ({"kernel_size": 5, "preset": "from-scratch"}, "transposed, dcgan or conv.* with --kernel"),
        ({"blocks_per_size": 2}, "Expected a network of kind residual with --blocks_per_size"),
        ({"minibatch_stddev": True}, "--discriminator=residual with --minibatch_stddev"),
        ({"spectral_norm": True}, "--discriminator=residual with --spectral_norm"),
        (
            {"minibatch_stddev": True, "preset": "from-scratch"},
            "Expected --nojoint_batch with --minibatch_stddev",
        ),
        ({"image_size": 100, "preset": "from-scratch"}, "as 4, 5, 6 or 7 times a power of two"),
        ({"image_size": "64", "preset": "from-scratch"}, "Expected --image_size as a whole number"),
        ({"image_size": 4}, "Expected --image_size from 8 to 1024. Received: image_size=4"),
        ({"image_size": 8}, "Expected --image_size from 16 with --drawn"),
        ({"channels": 1}, "Expected --channels=3 with --drawn"),
        ({"channels": 2}, "Expected --channels out of 1, 3. Received: 2"),
        ({"generator": "dense"}, "Expected --generator out of transposed, upsampling"),
        ({"generator_widths": (8, 0)}, "Expected --generator_widths from 1"),
        ({"generator_widths": (8, 1.5)}, "Expected --generator_widths as whole numbers"),
        ({"generator_widths": ()}, "Expected --generator_widths as whole numbers"),
        ({"generator_widths": (8,)}, "Expected --image_size divisible by 2 with --generator=up"),
        ({"pixel_range": (0, 255)}, "Expected --pixel_range=0,1 or -1,1"),
        ({"batch_size": 2.5}, "Expected --batch_size as a whole number. Received: batch_size=2.5"),
        ({"batch_size": True}, "Expected --batch_size as a whole number"),
        ({"beta_1": "0.5"}, "Expected --beta_1 as a number"),
        ({"beta_1": math.nan}, "Expected --beta_1 as a finite number. Received: beta_1=nan"),
        ({"generator_learning_rate": -1.0}, "Expected --generator_learning_rate from 0 to 1"),
        ({"single_pass": True, "discriminator_steps": 2}, "--discriminator_steps=1 and --opponent"),
        ({"single_pass": True, "opponent_training": False}, "--opponent_training with --single"),
        ({"reused_images": True, "single_pass": True}, "--nosingle_pass with --reused_images"),
        ({"saturating": True, "generator_label": 0.9}, "--nosaturating with --generator_label"),
        (
            {"images": "many"},
            "Expected --images as a number such as 200k or 1.5m. Received: 'many'",
        ),
        ({"images": "0"}, "Expected --images as a number"),
        ({"images": "nan"}, "Expected --images as a number"),
        ({"seed": -1}, "Expected --seed from 0"),
        ({"precision": "float64"}, "Expected --precision out of auto, float32, mixed_bfloat16"),
        ({"drawn": "", "data_dir": "x", "num_drawn": 7}, "--num_drawn only with --drawn"),
        ({"tfds_name": "mnist"}, "Expected one of .*tfds_name='mnist', drawn='plates'"),
        ({"tfds_label": "7"}, "--tfds_label only with --tfds_name: .*Received: tfds_label='7'"),
        ({"tfds_split": "test"}, "--tfds_split only with --tfds_name"),
        ({"mirrored_copies": True}, "Expected --noaugment_flip with --mirrored_copies"),
        (
            {"latent_distribution": "beta(1)"},
            "Expected latents out of .*Received: 'beta.1.' .--latent_dis",
        ),
        ({"subset": 0.0}, "Expected --subset from 1e-06 to 1"),
        ({"feature_size": 64}, "Expected --discriminator=projected with --feature_size"),
        ({"generator": "light"}, "Expected 5 widths for .* for --generator=light"),
    ],
)
def test_refuses(settings, message):
    with pytest.raises(ConfigError, match=message):
        make(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"r1_gamma": 1.0}, "Expected no --r1_gamma with --discriminator=projected: .*no second"),
        ({"r2_gamma": 1.0}, "Expected no --r2_gamma with --discriminator=projected"),
        ({"gradient_penalty_weight": 10.0}, "Expected no --gradient_penalty_weight with"),
        ({"dragan_weight": 10.0}, "Expected no --dragan_weight with --discriminator=projected"),
        (
            {"conditional": True, "discriminator_conditioning": "classifier"},
            "Expected --discriminator_conditioning=projection with --disc.*: .*'classifier'",
        ),
        ({"joint_batch": True}, "Expected --nojoint_batch with --discriminator=projected"),
        ({"image_size": 24}, "Expected image_size from 32 to 512. .* for --discriminator=proj"),
        ({"image_size": 1024}, "Expected image_size from 32 to 512. .* for --discriminator=proj"),
        ({"feature_size": 100}, "shown at a multiple of 32 .*: 100 for --discriminator=projected"),
        ({"feature_size": 513}, "Expected --feature_size from 0 to 512"),
        ({"discriminator_widths": (8, 8)}, r"Expected 1 width or .*widths=\(8, 8\) for --discrim"),
        ({"generator_widths": (8, 8)}, "Expected 5 widths for .* for --generator=light"),
        ({"spectral_norm": True}, "Expected --discriminator=residual with --spectral_norm"),
        ({"discriminator_dropout": 0.5}, "convolutional or dcgan with --discriminator_dropout"),
        ({"generator_slope": 0.1}, "another --generator than light with --generator_slope"),
        ({"initial_deviation": 0.02}, "another --generator than light, or .* with --initial_dev"),
    ],
)
def test_refuses_with_a_projected_discriminator(settings, message):
    with pytest.raises(ConfigError, match=message):
        make(**({"preset": "projected", "drawn": "vehicles", "image_size": 64} | settings))


def test_takes_with_a_projected_discriminator():
    config = make(preset="projected", r1_gamma=1.0, approximate_sigma=0.01)
    assert config.discriminator == "projected" and config.r1_gamma == 1
    assert make(preset="projected", discriminator_widths=(8, 8, 8, 8, 8)).image_size == 64
    assert make(preset="projected", feature_size=96, lecam_weight=0.1).feature_size == 96
    other = make(preset="projected", generator="upsampling", initial_deviation=0.02)
    assert other.initial_deviation == 0.02


@pytest.mark.parametrize(
    ("images", "expected"), [("200k", 200_000), ("1.5m", 1_500_000), ("640", 640), ("2K", 2000)]
)
def test_budget_in_images(images, expected):
    config = make(images=images, batch_size=32)
    assert config.num_images() == expected
    # Whole epochs of 11 steps of 32 images that reach it.
    assert config.total_epochs(11) == math.ceil(expected / 352)
    assert make(epochs=7).total_epochs(11) == 7


def test_differences_name_settings_of_identity_only():
    config = make(batch_size=16)
    other = json.loads(json.dumps(make(epochs=3, run_dir="x", seed=4).to_dict()))
    assert config.differences(other) == {"batch_size": (16, 32), "seed": (0, 4)}
    assert config.differences(json.loads(json.dumps(config.to_dict()))) == {}


def test_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        make().seed = 3
