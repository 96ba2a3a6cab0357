"""A classifier whose class activation maps are exact."""

import keras
from keras import layers


def pooled_classifier(
    *, image_size=64, channels=3, num_classes=10, widths=(32, 64, 64), kernel_size=3
) -> keras.Sequential:
    """Classifier that ends in global average pooling and a dense layer (report R4's question).

    For every width a convolution, batch norm and ReLU; all but the last halve the size. So the
    features that are pooled still lie side by side, and the weights of the dense layer behind tell
    which of them are evidence for a class: see ``tfgan_lab.attribution.activation_maps``.

    Reference:
        Learning Deep Features for Discriminative Localization, arXiv 1512.04150, section 2.

    Args:
        image_size: int, height and width of the images; divisible by 2 ** (len(widths) - 1).
        channels: int, 1 for grey and 3 for RGB.
        num_classes: int from 2.
        widths: channels of each convolution.
        kernel_size: int, of the convolutions.

    Returns:
        ``keras.Sequential`` from (batch, image_size, image_size, channels) to float32 logits of
        shape (batch, num_classes). Compile it with a cross-entropy ``from_logits=True``.

    Raises:
        ValueError: the size does not fit the number of widths, or fewer than two classes.

    Example:
        >>> pooled_classifier(image_size=28, channels=1).output_shape
        (None, 10)
    """
    if not widths or image_size % 2 ** (len(widths) - 1) or num_classes < 2:
        raise ValueError(
            "Expected image_size divisible by 2 ** (len(widths) - 1), with at least one width, and "
            f"two classes or more. Received: image_size={image_size}, widths={tuple(widths)}, "
            f"num_classes={num_classes}"
        )
    stack = [keras.Input((image_size, image_size, channels))]
    for index, width in enumerate(widths):
        strides = 2 if index < len(widths) - 1 else 1
        stack += [
            layers.Conv2D(width, kernel_size, strides=strides, padding="same", use_bias=False),
            # Hundreds of steps, not thousands: the usual momentum would lag behind.
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]
    stack += [layers.GlobalAveragePooling2D(), layers.Dense(num_classes, dtype="float32")]
    return keras.Sequential(stack, name="pooled_classifier")
