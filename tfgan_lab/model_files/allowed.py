"""Which classes a model's file may name.

Keras' safe mode refuses Python code in a file. Some of Keras' own layers do more than arithmetic
all the same: they open files, or run programs of other frameworks. A generator of images needs
none of them.
"""

import keras

LAYERS = frozenset(
    """
    Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average
    AveragePooling2D BatchNormalization CenterCrop Concatenate Conv2D Conv2DTranspose Cropping2D
    Dense DepthwiseConv2D Dot Dropout EinsumDense ELU Embedding Flatten GaussianDropout
    GaussianNoise GlobalAveragePooling2D GlobalMaxPooling2D GroupNormalization
    GroupQueryAttention Identity InputLayer LayerNormalization LeakyReLU MaxPooling2D Maximum
    Minimum MultiHeadAttention Multiply Normalization Permute PReLU RandomFlip RandomRotation
    RandomTranslation RandomZoom ReLU RepeatVector Rescaling Reshape Resizing RMSNormalization
    SeparableConv2D Softmax SpatialDropout2D SpectralNormalization Subtract UnitNormalization
    UpSampling2D ZeroPadding2D
""".split()
)

_NETWORKS = {
    "keras": {"Sequential", "Functional", "DTypePolicy", "DTypePolicyMap"},
    "keras.models": {"Sequential", "Functional"},
    "keras.src.models.functional": {"Functional"},
    "keras.src.models.sequential": {"Sequential"},
    "keras.layers": LAYERS,
    "keras.src.ops.core": {"Cast", "Slice", "StopGradient", "Unstack"},
}
# Every class in there is arithmetic.
_WHOLE_MODULES = (
    "keras.constraints",
    "keras.dtype_policies",
    "keras.initializers",
    "keras.losses",
    "keras.metrics",
    "keras.optimizers",
    "keras.optimizers.schedules",
    "keras.regularizers",
    "keras.src.ops.image",
    "keras.src.ops.nn",
    "keras.src.ops.numpy",
)
_VALUES = {"__bytes__", "__ellipsis__", "__keras_tensor__", "__numpy__", "__slice__", "__tensor__"}
_FUNCTIONS_OF = {"builtins", "keras.activations", "keras.losses", "keras.metrics"}


def check_classes(config) -> None:
    """Checks that everything a model's configuration names may be made.

    Classes that were registered with Keras in this process may: the program that imported them
    trusts them already.

    Args:
        config: what ``config.json`` within the file holds.

    Raises:
        ValueError: something else is named.

    Example:
        >>> check_classes({"module": "keras.layers", "class_name": "Dense", "config": {}})
    """
    waiting = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if "class_name" in part and not _is_allowed(part):
                name = part.get("registered_name") or f"{part.get('module')}.{part['class_name']}"
                raise ValueError(
                    f"Expected layers of image networks. Received: {name!s:.80}, which is none, "
                    "or not known here; import the package that registers it, if you trust it"
                )
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def _is_allowed(part):
    name, module = part["class_name"], part.get("module")
    if not isinstance(name, str) or not isinstance(module, str | None):
        return False
    registered = keras.saving.get_custom_objects()
    if name == "function":
        return part.get("config") in registered or module in _FUNCTIONS_OF
    if part.get("registered_name", name) in registered:
        return True
    return name in _VALUES or module in _WHOLE_MODULES or name in _NETWORKS.get(module, ())
