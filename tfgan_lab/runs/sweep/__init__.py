"""Sweeps: some settings varied, everything else fixed, several seeds of each."""
