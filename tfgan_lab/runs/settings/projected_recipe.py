"""The recipe of preset ``projected``: settings by how many images there are, how large.

Each choice comes with its reason, which is printed. The measurements behind the numbers are in
``docs/guides/small_data.md``.
"""

from tfgan_lab.networks.sizes import light_widths, residual_sides
from tfgan_lab.runs.settings.explained_choice import Choice


def projected_choices(settings, num_images, given=()) -> dict:
    """Chooses what the preset's table leaves open.

    Args:
        settings: dict of all settings as they are without the choice: defaults, preset, and those
            given.
        num_images: int, number of training images.
        given: names of settings that were given, which are left alone.

    Returns:
        Dict of a setting's name to ``Choice``.
    """
    choices = {}
    try:
        residual_sides(settings["image_size"])
    except ValueError:
        pass  # The check of widths says what sizes there may be.
    else:
        if settings["generator"] == "light":
            choices["generator_widths"] = Choice(
                light_widths(settings["image_size"]),
                "channels halve where sides double: what a processor can do",
            )
    if "epochs" not in given:
        images = min(max(300 * num_images, 250_000), 600_000)
        choices["images"] = Choice(
            f"{images // 1000}k", "each image some 300 times, from 250k to 600k in all"
        )
    return choices
