"""Models in files, also in files from elsewhere: read with nothing run, and nothing too large."""

from tfgan_lab.model_files.safe_reading import read_model

__all__ = ["read_model"]
