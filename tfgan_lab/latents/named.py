"""Distributions by name, for flags and tables."""

import ast
import inspect
import re

from tfgan_lab.latents.distributions import (
    Gamma,
    LatentDistribution,
    Normal,
    Sphere,
    TruncatedNormal,
    Uniform,
)

KINDS = {
    "normal": Normal,
    "uniform": Uniform,
    "gamma": Gamma,
    "truncated_normal": TruncatedNormal,
    "sphere": Sphere,
}

R1_DISTRIBUTIONS = (
    "uniform(-1, 1)",
    "normal(0, 1)",
    "gamma(2, 1)",
    "normal(-1, 1)",
    "normal(1, 1)",
    "normal(0, 0.1)",
    "normal(0, 10)",
)
"""The seven that report R1 compares. It gives variances, 0.01 and 100 in the last two."""


def distribution(name, size) -> LatentDistribution:
    """Makes a distribution from its name.

    Args:
        name: a kind out of ``normal``, ``uniform``, ``gamma``, ``truncated_normal`` and ``sphere``,
            alone or with numbers in brackets, in the order of the class's arguments after ``size``.
        size: int, number of values of one latent vector.

    Returns:
        ``LatentDistribution``.

    Raises:
        ValueError: an unknown kind, no numbers, too many, or out of their range.

    Example:
        >>> distribution("gamma(2, 0.5)", size=16).get_config()
        {'size': 16, 'shape': 2, 'scale': 0.5}
    """
    match = re.fullmatch(r"\s*(\w+)\s*(?:\((.*)\))?\s*", str(name))
    kind = KINDS.get(match[1]) if match else None
    if kind is None:
        raise ValueError(
            f"Expected latents out of {', '.join(KINDS)}, with their numbers in brackets or "
            f"without, such as {R1_DISTRIBUTIONS[2]}. Received: {name!r}"
        )
    numbers = _numbers(match[2] or "", name)
    names = list(inspect.signature(kind).parameters)[1:]
    if len(numbers) > len(names):
        most = f"at most {len(names)} numbers with {match[1]}: {', '.join(names)}"
        raise ValueError(
            f"Expected {most if names else f'no numbers with {match[1]}'}. Received: {name!r}"
        )
    return kind(size, *numbers)


def _numbers(text, name):
    try:
        numbers = ast.literal_eval(f"({text},)") if text.strip() else ()
    except (ValueError, SyntaxError):
        numbers = (None,)
    if not all(type(number) in (int, float) for number in numbers):
        raise ValueError(f"Expected numbers in the brackets, such as (2, 1). Received: {name!r}")
    return numbers
