"""The recipe of preset ``from-scratch``: settings by how many images there are, how large.

Each choice comes with its reason, which is printed. The measurements behind the numbers are in
``docs/guides/small_data.md``.
"""

from tfgan_lab.networks.sizes import residual_sides
from tfgan_lab.runs.settings.explained_choice import Choice
from tfgan_lab.runs.settings.parts import LOSSES
from tfgan_lab.runs.settings.presets import PRESETS

BATCH_SIZE = PRESETS["from-scratch"]["batch_size"]
MANY = 5000  # images, from which on learning them by heart is no danger


def from_scratch_choices(settings, num_images, given=()) -> dict:
    """Chooses what the preset's table leaves open.

    Args:
        settings: dict of all settings as they are without the choice: defaults, preset, and those
            given.
        num_images: int, number of training images.
        given: names of settings that were given, which are left alone, as is what they leave
            without effect.

    Returns:
        Dict of a setting's name to ``Choice``.
    """
    choices = _steps(settings) | _networks(settings, settings["image_size"])
    choices |= _penalties(settings, given) | _augmentation(num_images, settings, given)
    return choices | _length(num_images, given)


def _steps(settings):
    rate = Choice(5e-4, "goes with the small batch; twice as much was no faster")
    choices = {
        "batch_size": Choice(
            BATCH_SIZE, "many small steps taught more in a minute than few large ones"
        ),
        "generator_learning_rate": rate,
        "discriminator_learning_rate": rate,
    }
    if "lr_control_target" in LOSSES[settings["loss"]].also:
        choices["lr_control_target"] = Choice(
            0.6, "a generator that outran the discriminator lost a third of the variety of faces"
        )
    one_each = settings["discriminator_steps"] == 1 and settings["opponent_in_training_mode"]
    if one_each and settings["schedule"] != "simultaneous":
        choices["schedule"] = Choice(
            "shared_fakes", "both updates look at the same images: fresh ones taught no more"
        )
    return choices


def _networks(settings, size):
    """Channels double where sides halve, so that every size costs the same."""
    try:
        num_sizes = len(residual_sides(size))
    except ValueError:
        return {}  # The check of widths says what sizes there may be.
    widths = tuple(min(128, 16 * 2**halvings) for halvings in reversed(range(num_sizes)))
    reason = f"16 channels at {size} pixels, doubled at every halving: what a processor can do"
    return {
        f"{network}_widths": Choice(widths, reason)
        for network in ("generator", "discriminator")
        if settings[network] == "residual"
    }


def _penalties(settings, given):
    """R1's and R2's weight grows with the number of pixels, and falls with batch and time.

    Reference:
        Training Generative Adversarial Networks with Limited Data, arXiv 2006.06676, appendix C,
        for pixels over batch; The GAN is dead; long live the GAN!, arXiv 2501.05441, for the fall
        to a tenth. The constants are measured.
    """
    scale = (settings["image_size"] / 32) ** 2 * BATCH_SIZE / settings["batch_size"]
    if settings["conditional"]:
        weight, why = 2.0, "the class keeps kinds apart, and 90 blurred them"
    else:
        weight, why = 90.0, "where 3 lost kinds of images"
    gamma = Choice(
        weight * scale, f"{weight:g} at 32 pixels and batch 8: {why}; else by pixels over batch"
    )
    choices = {"r1_gamma": gamma, "r2_gamma": gamma}
    weights = [settings[name] if name in given else gamma.value for name in choices]
    if any(weights):
        choices["penalty_anneal_images"] = Choice(
            30_000, "kinds are lost at the start; a tenth of the weight shows more detail later"
        )
        choices["penalty_share"] = Choice(
            0.5, "half of the batch tells the slope as well, for half of the time"
        )
        if settings["concatenate_batches"]:
            choices["shared_gradients"] = Choice(
                True, "loss and penalties look at the same images: one pass for both"
            )
    return choices


def _augmentation(num_images, settings, given):
    upright = "turned images would be learned as such; give it where there is no upright"
    choices = {
        "augment_zoom": Choice(0.0, "zoomed images would be learned as such"),
        "augment_rotation": Choice(0.0, upright),
    }
    if num_images >= MANY:
        return choices
    choices["diff_augment_translation"] = Choice(
        0.125, f"{num_images} images can be learned by heart; shifted ones less easily"
    )
    kinds = ("diff_augment_translation", "diff_augment_colour", "diff_augment_cutout")
    strengths = [settings[name] for name in kinds if name in given]
    signed = "ada_target" in LOSSES[settings["loss"]].also
    if signed and (any(strengths) or kinds[0] not in given):
        choices["ada_target"] = Choice(
            0.6, "no more shifting than it takes: from the first step on it slowed learning by half"
        )
        if settings["ada_target"] or "ada_target" not in given:
            choices["ada_images"] = Choice(100_000, "fast enough for a short training")
    return choices


def _length(num_images, given):
    half_life = min(max(15 * num_images, 5_000), 10_000)
    choices = {
        "ema_half_life_images": Choice(
            round(half_life, -3), f"some 15 passes over {num_images} images, from 5k to 10k"
        )
    }
    if "epochs" not in given:
        images = min(max(600 * num_images, 150_000), 600_000)
        choices["images"] = Choice(
            f"{images // 1000}k", "each image some 600 times, from 150k to 600k in all"
        )
    return choices
