import pytest

from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.settings.small_data import explain


def make(**settings):
    return RunConfig.from_preset("from-scratch", **({"drawn": "plates"} | settings))


@pytest.mark.parametrize(
    ("image_size", "widths"),
    [
        (16, (64, 32, 16)),
        (32, (128, 64, 32, 16)),
        (48, (128, 64, 32, 16)),
        (64, (128, 128, 64, 32, 16)),
        (256, (128, 128, 128, 128, 64, 32, 16)),
    ],
)
def test_widths_double_where_sides_halve(image_size, widths):
    config = make(image_size=image_size)
    assert config.generator_widths == config.discriminator_widths == widths


@pytest.mark.parametrize(
    ("num_drawn", "half_life", "images", "translation"),
    [
        (300, 5_000, "180k", 0.125),
        (530, 8_000, "318k", 0.125),
        (4999, 10_000, "600k", 0.125),
        (5000, 10_000, "600k", 0),
    ],
)
def test_number_of_images_decides(num_drawn, half_life, images, translation):
    config = make(num_drawn=num_drawn)
    assert config.ema_half_life_images == half_life
    assert config.images == images
    assert config.diff_augment_translation == translation


@pytest.mark.parametrize(
    ("image_size", "batch_size", "gamma", "with_classes"),
    [(32, 8, 90.0, 2.0), (64, 8, 360.0, 8.0), (32, 32, 22.5, 0.5)],
)
def test_penalty_goes_by_pixels_over_batch(image_size, batch_size, gamma, with_classes):
    config = make(image_size=image_size, batch_size=batch_size)
    assert config.r1_gamma == config.r2_gamma == gamma
    classes = make(image_size=image_size, batch_size=batch_size, drawn="vehicles", conditional=True)
    assert classes.r1_gamma == classes.r2_gamma == with_classes
    assert not any("as you said" in line for line in explain(config) if "gamma" in line)


def test_flags_win_and_are_named_so():
    config = make(batch_size=32, diff_augment_translation=0.0, r1_gamma=3.0)
    assert config.batch_size == 32 and config.r1_gamma == 3 and config.r2_gamma > 0
    sentences = {line.split("=")[0]: line for line in explain(config)}
    assert sentences["--batch_size"] == "--batch_size=32: as you said"
    assert sentences["--diff_augment_translation"].endswith(": as you said")
    assert not sentences["--r2_gamma"].endswith(": as you said")


def test_what_a_flag_leaves_without_effect_is_not_chosen():
    config = make(r1_gamma=0.0, r2_gamma=0.0)
    assert config.penalty_share == 1.0 and not config.shared_gradients
    assert config.penalty_anneal_images == 0 < make().penalty_anneal_images
    assert make(r1_gamma=0.0).penalty_share == 0.5 and make(r1_gamma=0.0).shared_gradients
    assert make().lr_control_target == 0.6 and make(loss="wasserstein").lr_control_target == 0
    assert not make(concatenate_batches=False).shared_gradients
    assert make().schedule == "shared_fakes"
    assert make(discriminator_steps=2).schedule == "alternating"
    assert make(opponent_in_training_mode=False).schedule == "alternating"
    for schedule in ("alternating", "simultaneous"):
        assert make(schedule=schedule).schedule == schedule
    assert make(diff_augment_translation=0.0).ada_target == 0
    assert make(diff_augment_translation=0.0, diff_augment_colour=1.0).ada_target == 0.6
    assert make(loss="wasserstein").ada_target == 0
    assert make(ada_target=0.0).ada_images == RunConfig.ada_images
    config = make(generator="upsampling", discriminator="convolutional", image_size=32)
    assert config.generator_widths == RunConfig.generator_widths
    with pytest.raises(ConfigError, match="Expected --r1_gamma or --r2_gamma with --penalty_share"):
        make(r1_gamma=0.0, r2_gamma=0.0, penalty_share=0.5)


def test_nothing_is_said_of_what_has_no_effect():
    config = make(diff_augment_translation=0.0, r1_gamma=0.0, r2_gamma=0.0)
    said = {line.split("=")[0] for line in explain(config)}
    assert not said & {"--ada_target", "--ada_images", "--penalty_share"}
    assert {"--diff_augment_translation", "--r1_gamma"} <= said
