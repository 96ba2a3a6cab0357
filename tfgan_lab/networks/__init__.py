"""Builders of networks: functions with keyword arguments that return a named model."""

import lazy_loader

# Not imported before they are used, so that sizes can be checked without loading Keras.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "dcgan": ["dcgan_discriminator", "dcgan_generator"],
        "discriminators": ["convolutional_discriminator", "residual_discriminator"],
        "generators": ["residual_generator", "transposed_generator", "upsampling_generator"],
        "initialisation": ["draw_normal_weights"],
    },
)
