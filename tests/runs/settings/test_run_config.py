import json
import math

import pytest

from tfgan_lab.runs.settings.presets import PRESETS
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig


def make(**settings):
    return RunConfig.from_preset(**({"preset": "light", "drawn": "plates"} | settings))


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_valid(preset):
    config = make(preset=preset, drawn="", data_dir="images")
    assert config.preset == preset
    for name, value in PRESETS[preset].items():
        assert getattr(config, name) == value


def test_overrides_win_over_the_preset():
    assert make(preset="r0-transposed", epochs=3, generator_learning_rate=1e-4).epochs == 3
    deep = {"generator_widths": (8,) * 6, "discriminator_widths": (8,) * 6}
    assert make(preset="r2-conditional", drawn="vehicles", image_size=256, **deep).conditional


CLASSES = {"conditional": True}
FROM_SCRATCH = {"preset": "from-scratch"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        # One by one
        ({"preset": "best"}, "Expected a preset out of small-data, projected, .*: preset='best'"),
        ({"colour": 1}, "Expected the name of a setting. Received: 'colour'"),
        ({"image_size": "64"} | FROM_SCRATCH, "Expected --image_size as a whole number"),
        ({"image_size": 4}, "Expected --image_size from 8 to 1024. Received: image_size=4"),
        ({"generator_widths": (8, 0)}, "Expected --generator_widths from 1"),
        ({"generator_widths": (8, 1.5)}, "Expected --generator_widths as whole numbers"),
        ({"generator_widths": ()}, "Expected --generator_widths as whole numbers"),
        ({"pixel_range": (0, 255)}, "Expected pixel_range out of 0,1; -1,1"),
        ({"batch_size": 2.5}, "Expected --batch_size as a whole number. Received: batch_size=2.5"),
        ({"batch_size": True}, "Expected --batch_size as a whole number"),
        ({"beta_1": "0.5"}, "Expected --beta_1 as a number"),
        ({"beta_1": math.nan}, "Expected --beta_1 as a finite number. Received: beta_1=nan"),
        ({"seed": -1}, "Expected --seed from 0"),
        ({"images": "many"}, "--images as a number such as 200k or 1.5m. Received: 'many'"),
        ({"images": "nan"}, "Expected --images as a number"),
        ({"latent_distribution": "beta(1)"}, "Expected latents out of .*'beta.1.' .--latent_dis"),
        # Sources
        ({"drawn": ""}, "Expected one of --data_dir=FOLDER, --tfds_name=NAME and --drawn=plates"),
        ({"data_dir": "x"}, "Expected one of --data_dir=FOLDER.*data_dir='x', .*drawn='plates'"),
        ({"image_size": 8}, "Expected --image_size from 16 with --drawn"),
        ({"channels": 1}, "Expected --channels=3 with --drawn"),
        ({"tfds_label": "7"}, "Expected --tfds_name with --tfds_label, .*; --tfds_label= leaves"),
        ({"mirrored_copies": True}, "Expected --noaugment_flip with --mirrored_copies"),
        (
            {"drawn": "", "tfds_name": "food", "tfds_label": "1"} | CLASSES,
            "Expected no --tfds_label with --conditional: it needs several classes",
        ),
        # Sizes
        ({"image_size": 60}, r"divisible by 8. .*image_size=60, .* for --generator=upsampling"),
        ({"generator_widths": (8,)}, "Expected --image_size divisible by 2. .*--generator=up"),
        ({"preset": "r1", "image_size": 72}, "divisible by 16. .* for --generator=dcgan"),
        ({"generator": "residual"}, "Expected 5 widths for .* --generator=residual"),
        ({"discriminator": "residual"}, "Received: .* for --discriminator=residual"),
        ({"image_size": 100} | FROM_SCRATCH, "as 4, 5, 6 or 7 times a power of two"),
        # Without effect
        ({"loss": "hinge", "label_noise": 0.05}, "--loss=binary_cross_entropy with --label_noise"),
        ({"penalty_share": 0.5}, "Expected --r1_gamma or --r2_gamma with --penalty_share"),
        ({"shared_gradients": True}, "Expected --r1_gamma or --r2_gamma and --concatenate_batches"),
        (
            {"lr_control_target": 0.5, "loss": "wasserstein"},
            "--loss=binary_cross_entropy, hinge, .* or relativistic_pairing with --lr_control_tar",
        ),
        ({"ada_target": 0.6}, "--diff_augment_translation or --diff_augment_cutout with --ada_tar"),
        ({"generator_conditioning": "batch_norm"}, "Expected --conditional with --generator_cond"),
        (
            {"class_widths": (8,)},
            "Expected --conditional and --discriminator_conditioning=concatenation with class_wid",
        ),
        (
            {"kernel_size": 5} | FROM_SCRATCH,
            "--generator=transposed or dcgan, or --discriminator=convolutional or dcgan with --ker",
        ),
        (
            {"pixel_range": (0, 1), "preset": "r1"},
            "Expected --generator=transposed or upsampling and --discriminator=convolutional with",
        ),
        # Not beside each other
        (
            {"generator_conditioning": "batch_norm"} | CLASSES | FROM_SCRATCH,
            "Expected --generator=upsampling or dcgan with --generator_conditioning=batch_norm. Re",
        ),
        (
            {"schedule": "simultaneous", "discriminator_steps": 2},
            "Expected --discriminator_steps=1 with --schedule=simultaneous. Received: discr.*=2",
        ),
        (
            {"schedule": "shared_fakes", "opponent_in_training_mode": False},
            "Expected opponent_in_training_mode=True with --schedule=shared_fakes",
        ),
        ({"steps_per_execution": 2, "devices": 2}, "--steps_per_execution=1 on more than one"),
    ],
)
def test_refuses(settings, message):
    with pytest.raises(ConfigError, match=message):
        make(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"r1_gamma": 1.0}, "Expected no --r1_gamma with --discriminator=projected: .*no second"),
        (
            {"discriminator_conditioning": "classifier"} | CLASSES,
            "Expected --discriminator_conditioning=projection with --disc.*: .*'classifier'",
        ),
        (
            {"concatenate_batches": True},
            "Expected --noconcatenate_batches with --discriminator=projected: its batch norm",
        ),
        ({"image_size": 24}, "Expected image_size from 32 to 512. .* for --discriminator=proj"),
        ({"image_size": 60}, "as 4, 5, 6 or 7 times a power of two. .* for --generator=light"),
        ({"feature_size": 100}, "shown at a multiple of 32 .*: 100 for --discriminator=projected"),
        ({"discriminator_widths": (8, 8)}, "Expected 1 width or 5. .* for --discriminator=proj"),
        ({"initial_deviation": 0.02}, "dcgan or residual, or --disc.*residual with initial_dev"),
    ],
)
def test_refuses_with_a_projected_discriminator(settings, message):
    with pytest.raises(ConfigError, match=message):
        make(**({"preset": "projected", "drawn": "vehicles", "image_size": 64} | settings))


def test_takes_with_a_projected_discriminator():
    assert make(preset="projected", discriminator_widths=(8, 8, 8, 8, 8)).image_size == 64
    assert make(preset="projected", feature_size=96).feature_size == 96
    other = make(preset="projected", generator="upsampling", initial_deviation=0.02)
    assert other.initial_deviation == 0.02


@pytest.mark.parametrize(("images", "expected"), [("200k", 200_000), ("640", 640), ("2K", 2000)])
def test_budget_in_images(images, expected):
    config = make(images=images, batch_size=32)
    assert config.num_images() == expected
    # Whole epochs of 11 steps of 32 images that reach it.
    assert config.total_epochs(11) == math.ceil(expected / 352)


def test_differences_name_settings_of_identity_only():
    config = make(batch_size=16)
    other = json.loads(json.dumps(make(epochs=3, run_dir="x", seed=4).to_dict()))
    assert config.differences(other) == {"batch_size": (16, 32), "seed": (0, 4)}
    assert config.differences(json.loads(json.dumps(config.to_dict()))) == {}
