import inspect

import pytest

from tfgan_lab.runs import RunConfig, TranslationConfig
from tfgan_lab.runs.settings import parts

TABLES = {
    "latents": {"": parts.LATENTS},
    "loss": parts.LOSSES,
    "penalty": parts.PENALTIES | {"annealed": parts.ANNEALED, "gradient": parts.GRADIENT_PENALTY},
    "augmenter": {"": parts.DIFF_AUGMENT, "adaptive": parts.ADAPTIVE_AUGMENT},
    "generator": parts.GENERATORS,
    "discriminator": parts.DISCRIMINATORS,
    "features": {"": parts.DISCRIMINATORS["projected"].arguments["features"]},
    "conditional": {"": parts.CONDITIONAL},
    "generator's classes": parts.GENERATOR_CONDITIONINGS,
    "discriminator's classes": parts.DISCRIMINATOR_CONDITIONINGS,
    "rate": {"": parts.ADAPTIVE_RATE},
    "schedule": parts.SCHEDULES,
} | {model: part.others | {"model": part} for model, part in parts.TRANSLATORS.items()}
ALL = {f"{kind} {name}": part for kind, table in TABLES.items() for name, part in table.items()}


@pytest.mark.parametrize("part", ALL.values(), ids=ALL)
def test_constructors_take_what_the_table_says(part):
    assert part.arguments.keys() <= inspect.signature(part.load()).parameters.keys()
    declared = RunConfig.__dataclass_fields__.keys() | TranslationConfig.__dataclass_fields__
    assert part.settings() <= declared
    assert {each.name for each in part.requires} <= declared


@pytest.mark.parametrize("name", parts.LOSSES)
def test_losses_are_as_the_table_says(name):
    part = parts.LOSSES[name]
    assert part.load().relativistic == ("relativistic" in part.traits)
    parameters = inspect.signature(part.load()).parameters
    for argument, setting in part.arguments.items():
        assert parameters[argument].default == getattr(RunConfig, setting)


@pytest.mark.parametrize("name", parts.PENALTIES)
def test_penalties_are_as_the_table_says(name):
    part = parts.PENALTIES[name]
    assert part.load().differentiates_twice == ("differentiates_twice" in part.traits)
    assert inspect.signature(part.load()).parameters["share"].default == RunConfig.penalty_share


def test_what_is_given_goes_before_settings_and_others_keep_their_defaults():
    config = RunConfig.from_preset("light", drawn="plates", real_label=0.9, diff_augment_colour=0.5)
    loss = parts.make(parts.LOSSES["binary_cross_entropy"], config, real_label=0.7)
    assert (loss.real_label, loss.fake_label) == (0.7, 0.0)
    translator = TranslationConfig.from_preset(drawn="plates")
    assert parts.make(parts.LOSSES["binary_cross_entropy"], translator).real_label == 1.0
    colours = parts.make(parts.DIFF_AUGMENT, config)
    assert (colours.brightness, colours.saturation, colours.contrast) == (0.25, 0.5, 0.25)
