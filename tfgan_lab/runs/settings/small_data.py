"""The rule of preset ``small-data``: which of two recipes, by what images there are.

The measurements behind it are in ``docs/guides/small_data.md``.
"""

import functools

from tfgan_lab.data.flatness import flatness
from tfgan_lab.networks.sizes import LEAST_PROJECTED, MOST_PROJECTED
from tfgan_lab.runs.settings.conditions import unused_settings
from tfgan_lab.runs.settings.explained_choice import Choice
from tfgan_lab.runs.settings.from_scratch import from_scratch_choices
from tfgan_lab.runs.settings.named_source import open_source
from tfgan_lab.runs.settings.parts import SECOND_DERIVATIVES
from tfgan_lab.runs.settings.presets import PRESETS
from tfgan_lab.runs.settings.projected_recipe import projected_choices

RECIPES = {"projected": projected_choices, "from-scratch": from_scratch_choices}

# What a projected discriminator and its update rule have no use for.
ONLY_FROM_SCRATCH = {
    "discriminator_conditioning": ("concatenation", "classifier"),
    "concatenate_batches": (True,),
    "schedule": ("shared_fakes",),
    "shared_gradients": (True,),
}
MOST_FLAT = 0.16  # share of flat places in a photograph: see ``tfgan_lab.data.flatness``
_OF_SOURCE = ("data_dir", "tfds_name", "tfds_label", "tfds_split", "conditional")


def choose_recipe(settings, given=()) -> Choice:
    """Chooses one of ``RECIPES``: ``projected`` unless something speaks against it.

    Args:
        settings: dict of all settings as they are without the choice.
        given: names of settings that were given.

    Returns:
        ``Choice`` of a name.

    Example:
        >>> choose_recipe({"drawn": "plates", "image_size": 64}).value
        'from-scratch'
    """
    if "discriminator" in given:
        name = "projected" if settings["discriminator"] == "projected" else "from-scratch"
        return Choice(name, f"it goes with --discriminator={settings['discriminator']}")
    for name, values in ONLY_FROM_SCRATCH.items():
        if name in given and settings[name] in values:
            return Choice("from-scratch", f"it goes with --{name}={settings[name]}")
    wanted = [name for name in SECOND_DERIVATIVES if name in given and settings[name]]
    if wanted:
        return Choice("from-scratch", f"it goes with --{wanted[0]}")
    if settings["drawn"]:
        return Choice("from-scratch", "drawings need no network that knows photographs")
    size = settings["image_size"]
    if size < LEAST_PROJECTED:
        return Choice("from-scratch", f"at {size} pixels a photograph shows too little")
    if size > MOST_PROJECTED:
        return Choice(
            "from-scratch",
            f"a network that knows photographs takes {MOST_PROJECTED} pixels at most",
        )
    if _flatness_of(*map(settings.get, _OF_SOURCE)) > MOST_FLAT:
        return Choice(
            "from-scratch",
            "flat colours as in drawings, which a network that knows photographs tells from "
            "generated ones at once",
        )
    return Choice(
        "projected", "a discriminator that knows photographs learns sooner what is in yours"
    )


def choose(settings, given=()) -> dict:
    """Chooses what the table of a preset with a rule leaves open.

    Args:
        settings: dict of all settings as they are without the choice: defaults, preset, and those
            given.
        given: names of settings that were given, which are left alone, as is what they leave
            without effect.

    Returns:
        Dict of a setting's name to ``Choice``; empty for a preset that has no rule.
    """
    preset, table = settings["preset"], {}
    if preset == "small-data":
        preset, reason = choose_recipe(settings, given)
        table = {name: Choice(value, reason) for name, value in PRESETS[preset].items()}
    if preset not in RECIPES:
        return {}
    settings = settings | {name: each.value for name, each in table.items() if name not in given}
    choices = table | RECIPES[preset](settings, count_images(settings), given)
    return {name: choice for name, choice in choices.items() if name not in given}


def explain(config) -> list:
    """Tells what was chosen and why.

    Args:
        config: ``RunConfig``.

    Returns:
        List of sentences: the recipe, where there was a choice, and what its rule chose; empty for
        a preset that has no rule.
    """
    settings = dict(vars(config))
    recipe, sentences = config.preset, []
    if recipe == "small-data":
        recipe, reason = choose_recipe(settings)
        if PRESETS[recipe]["discriminator"] != config.discriminator:
            recipe = "projected" if config.discriminator == "projected" else "from-scratch"
            reason = "it goes with the settings that you gave"
        sentences.append(f"Recipe {recipe}: {reason}")
    if recipe not in RECIPES:
        return []
    given, unused = () if config.images else ("epochs",), unused_settings(config)
    choices = RECIPES[recipe](settings, count_images(settings), given)
    for name, (value, reason) in choices.items():
        if name in unused:
            continue
        mine = settings[name]
        text = ",".join(map(str, mine)) if isinstance(mine, tuple) else mine
        sentences.append(f"--{name}={text}: {reason if mine == value else 'as you said'}")
    return sentences


def count_images(settings) -> int:
    """How many images there are, or, in a folder, how many files: none is decoded yet.

    Args:
        settings: dict of all settings.

    Returns:
        Int; 0 where there is no such source: the error comes when the images are read.
    """
    try:
        count = len(open_source(settings))
    except (OSError, ValueError):
        return 0
    return round(settings["subset"] * count)


@functools.lru_cache(maxsize=1)
def _flatness_of(*named):
    """Kept, for it decodes some images, and a start asks several times."""
    try:
        return flatness(open_source(dict(zip(_OF_SOURCE, named, strict=True)) | {"drawn": ""}))
    except (OSError, ValueError):
        return 0.0
