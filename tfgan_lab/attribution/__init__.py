"""Which region of an image decides: maps of a classifier's or a discriminator's evidence."""

from tfgan_lab.attribution.activation_maps import ActivationMaps, activation_maps, enlarge
from tfgan_lab.attribution.heads import fine_layer
from tfgan_lab.attribution.localisation import mass_inside

__all__ = ["ActivationMaps", "activation_maps", "enlarge", "fine_layer", "mass_inside"]
