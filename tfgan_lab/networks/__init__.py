"""Builders of networks: functions with keyword arguments that return a named model."""

import lazy_loader

# Not imported before they are used, so that sizes can be checked without loading Keras.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "classifiers": ["pooled_classifier"],
        "conditional": [
            "class_mixing_generator",
            "conditional_discriminator",
            "conditional_generator",
        ],
        "cyclegan": ["patch_discriminator", "residual_translator"],
        "dcgan": ["dcgan_discriminator", "dcgan_generator"],
        "discriminators": ["convolutional_discriminator", "residual_discriminator"],
        "efficientnet_lite": ["efficientnet_lite0"],
        "generators": ["residual_generator", "transposed_generator", "upsampling_generator"],
        "inception": ["fid_inception", "fid_inception_input"],
        "initialisation": ["draw_normal_weights"],
        "light": ["light_generator"],
        "lite0_distance": ["lite0_layer_features"],
        "projected": ["projected_discriminator", "projected_features"],
        "stargan": ["domain_discriminator", "domain_translator"],
        "torch_weights": ["read_torch_weights"],
        "weight_files": ["fetch"],
    },
)
