"""Procedural images with known factors, so that collapse can be counted."""
