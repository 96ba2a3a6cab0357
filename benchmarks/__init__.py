"""Measurements: ratios against stated baselines, taken in turn in one run."""
