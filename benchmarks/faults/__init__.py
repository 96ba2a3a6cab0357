"""Trainings that are broken on purpose, and what must hold after each of them."""
