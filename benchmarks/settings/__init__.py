"""Random combinations of settings: each trains, or is refused with one sentence."""
