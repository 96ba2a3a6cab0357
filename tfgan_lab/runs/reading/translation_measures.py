"""How good a translator is: the factor read as asked, what else was changed, KID to the domain."""

import itertools

import numpy as np

from tfgan_lab.data.drawn.plate_domains import (
    FACTORS,
    draw_domains,
    draw_with,
    read_factor,
    value_numbers,
)
from tfgan_lab.metrics.choice import choose_features
from tfgan_lab.metrics.evaluator import Evaluator
from tfgan_lab.plots.grids import to_uint8

UNSEEN = 1_000_003  # added to a run's seed: scenes that no training of it was drawn from
CHANGED = 8  # of 255; a pixel that another value of the factor changes by more is to be changed


def measure_kid(translator, domains, features="random", weights="", progress=None) -> list:
    """KID to the target domain before translating and after, in every direction.

    Args:
        translator: ``Translator``.
        domains: uint8 arrays of images, by number of the domain.
        features: see ``tfgan_lab.metrics.choose_features``.
        weights: path of the weights of an Inception, or empty.
        progress: function of (done, total), or ``None``.

    Returns:
        List of dicts of ``source``, ``target``, ``before`` and ``after``, the latter two with
        value, error, protocol and counts, as ``Evaluation`` has them.
    """
    rows = []
    for target, name in enumerate(translator.domains):
        chosen = choose_features(features, domains[target], None, weights or None)
        evaluator = Evaluator(domains[target], chosen, ("kid",))
        for source, other in enumerate(translator.domains):
            if source == target:
                continue
            images = np.asarray(domains[source], np.float32) / 127.5 - 1
            evaluator.num_fakes = len(images)  # The real ones are the same for every source.
            values = {
                when: evaluator.evaluate(_in_blocks(given))[0].to_dict()
                for when, given in [
                    ("before", images),
                    ("after", translator.translate(images, name)),
                ]
            }
            rows.append({"source": other, "target": name} | values)
            if progress:
                progress(len(rows), len(domains) * (len(domains) - 1))
    return rows


def measure_factors(translator, config, num_images=200) -> list:
    """What became of the factor, and of all else, in images whose translation is known.

    The scenes are new ones. Where the same scene with the target's colour differs is the region
    that a translation should change. Errors are mean absolute differences in steps of 255.

    Args:
        translator: ``Translator``.
        config: ``TranslationConfig`` with ``drawn``.
        num_images: int from 2, images of each domain.

    Returns:
        List of dicts, one for each direction: ``source``, ``target``, ``count``; ``asked``, the
        share of translations of which the target is read; ``reader``, the share of drawn images
        of which their own domain is read; ``other_kept``, the share of which the other factor is
        read as before; ``outside_error``, outside of the region from what went in, and
        ``outside_other``, the same of another image; ``inside_error``, inside from what should
        have come out, and ``inside_before``, the same of what went in.
    """
    scenes = {
        name: draw_domains(
            config.factor, [name], num_images, config.image_size, config.seed + UNSEEN
        )
        for name in translator.domains
    }
    return [
        _measure_way(translator, config, source, target, scenes[source])
        for source, target in itertools.permutations(translator.domains, 2)
    ]


def _measure_way(translator, config, source, target, drawn):
    images, _, scenes = drawn
    size, seed = config.image_size, config.seed + UNSEEN
    truth = draw_with(config.factor, target, scenes, size, seed).astype(np.float32)
    scaled = np.asarray(images, np.float32) / 127.5 - 1
    translated = to_uint8(translator.translate(scaled, target))
    before, after = images.astype(np.float32), translated.astype(np.float32)
    region = (np.abs(truth - before) > CHANGED).any(axis=-1)
    (other,) = FACTORS.keys() - {config.factor}
    wanted, own = value_numbers(config.factor, [target, source])

    def error(one, another, where):
        return float(np.abs(one - another).mean(axis=-1)[where].mean())

    return {
        "source": source,
        "target": target,
        "count": len(images),
        "asked": float((read_factor(translated, config.factor) == wanted).mean()),
        "reader": float((read_factor(images, config.factor) == own).mean()),
        "other_kept": float((read_factor(translated, other) == read_factor(images, other)).mean()),
        "outside_error": error(after, before, ~region),
        "outside_other": error(np.roll(before, 1, axis=0), before, ~region),
        "inside_error": error(after, truth, region),
        "inside_before": error(before, truth, region),
    }


def _in_blocks(images):
    """The function of (count, index) that an ``Evaluator`` asks, of images that are there."""
    remaining = iter(images)
    return lambda count, index: np.stack(list(itertools.islice(remaining, count)))
