"""Measures of what a generator makes: float64 formulas on plain arrays."""

from tfgan_lab.metrics.modes import ModeCounts, count_modes

__all__ = ["ModeCounts", "count_modes"]
