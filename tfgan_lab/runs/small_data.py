"""The rule of preset ``small-data``: which of two recipes, by what images there are.

The measurements behind it are in ``docs/guides/small_data.md``.
"""

from tfgan_lab.networks.sizes import LEAST_PROJECTED, MOST_PROJECTED
from tfgan_lab.runs.choice import Choice
from tfgan_lab.runs.from_scratch import from_scratch_choices
from tfgan_lab.runs.presets import PRESETS
from tfgan_lab.runs.projected_recipe import projected_choices
from tfgan_lab.runs.settings import NEED_SECOND_DERIVATIVES, inert_settings
from tfgan_lab.runs.sources import open_source

RECIPES = {"projected": projected_choices, "from-scratch": from_scratch_choices}


def choose_recipe(settings, given=()) -> Choice:
    """Chooses one of ``RECIPES``: ``projected`` unless something speaks against it.

    Args:
        settings: dict of all settings as they are without the choice.
        given: names of settings that were given.

    Returns:
        ``Choice`` of a name.

    Example:
        >>> choose_recipe({"drawn": "", "image_size": 64}).value
        'projected'
    """
    if "discriminator" in given:
        name = "projected" if settings["discriminator"] == "projected" else "from-scratch"
        return Choice(name, f"it goes with --discriminator={settings['discriminator']}")
    wanted = [name for name in NEED_SECOND_DERIVATIVES if name in given and settings[name]]
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
    settings = {name: getattr(config, name) for name in config.__dataclass_fields__}
    recipe, sentences = config.preset, []
    if recipe == "small-data":
        ruled = choose_recipe(settings).value
        given = ()
        if PRESETS[ruled]["discriminator"] != config.discriminator:
            given = _given_penalties(settings) or ("discriminator",)
        recipe, reason = choose_recipe(settings, given)
        sentences.append(f"Recipe {recipe}: {reason}")
    if recipe not in RECIPES:
        return []
    given, unused = () if config.images else ("epochs",), inert_settings(config)
    choices = RECIPES[recipe](settings, count_images(settings), given)
    for name, (value, reason) in choices.items():
        if name in unused:
            continue
        mine = settings[name]
        text = ",".join(map(str, mine)) if isinstance(mine, tuple) else mine
        sentences.append(f"--{name}={text}: {reason if mine == value else 'as you said'}")
    return sentences


def _given_penalties(settings):
    """Penalties other than those that recipe from-scratch chooses: they were given."""
    if settings["discriminator"] != PRESETS["from-scratch"]["discriminator"]:
        return ()
    chosen = from_scratch_choices(settings, count_images(settings))
    return tuple(
        name
        for name in NEED_SECOND_DERIVATIVES
        if settings[name] != (chosen[name].value if name in chosen else 0)
    )


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
