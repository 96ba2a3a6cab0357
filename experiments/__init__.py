"""The five reports, one runner each: ``python -m experiments.NAME``."""
