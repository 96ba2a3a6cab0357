"""Which sizes networks take, how many widths and halvings: needs no Keras to be asked."""


def check_choice(name, value, choices) -> None:
    """Checks an argument that is one of a few words.

    Args:
        name: str, the argument's.
        value: what was given.
        choices: tuple of str.

    Raises:
        ValueError: another word.
    """
    if value not in choices:
        *first, last = choices
        raise ValueError(
            f"Expected {name} {', '.join(first)} or {last}. Received: {name}={value!r}"
        )


def residual_sides(image_size) -> tuple:
    """Heights of the images within a residual network, doubling up to ``image_size``.

    Args:
        image_size: int from 8 to 1024; 4, 5, 6 or 7 times a power of two.

    Raises:
        ValueError: another size.

    Example:
        >>> residual_sides(48)
        (6, 12, 24, 48)
    """
    sides = [image_size]
    while sides[0] >= 8 and sides[0] % 2 == 0:
        sides.insert(0, sides[0] // 2)
    if not 8 <= image_size <= 1024 or sides[0] >= 8:
        raise ValueError(
            "Expected image_size from 8 to 1024 as 4, 5, 6 or 7 times a power of two. "
            f"Received: image_size={image_size}"
        )
    return tuple(sides)


def residual_widths(image_size, widths=None) -> tuple:
    """Channels at the smallest square and so on up to the image's size.

    Args:
        image_size: see ``residual_sides``.
        widths: ints to be checked, or ``None`` for 128, 128, then halved down to 32.

    Raises:
        ValueError: another size, or another number of widths.

    Example:
        >>> residual_widths(64)
        (128, 128, 64, 32, 32)
    """
    sides = residual_sides(image_size)
    if widths is None:
        return tuple(max(32, min(128, 256 >> index)) for index in range(len(sides)))
    if len(widths) != len(sides):
        raise ValueError(
            f"Expected {len(sides)} widths for image_size={image_size}, one for each of the sizes "
            f"{', '.join(map(str, sides))}. Received: widths={tuple(widths)}"
        )
    return tuple(widths)


def light_widths(image_size) -> tuple:
    """Channels of the light generator at each size: 256 at first, then halved down to 16.

    Args:
        image_size: see ``light_generator``.

    Example:
        >>> light_widths(64)
        (256, 128, 64, 32, 16)
    """
    return tuple(max(16, 256 >> index) for index in range(len(residual_sides(image_size))))


FEATURE_STRIDES = (2, 4, 8, 16, 32)  # fractions of the side at which features are taken
LEAST_PROJECTED, MOST_PROJECTED = 32, 512  # heights of images that features are taken of


def shown_size_of(image_size) -> int:
    """Height and width at which a projected discriminator's frozen network sees images.

    Half as much again as their own, from 64 up to 256, for it was taught at 224; a multiple of the
    greatest stride. Larger shows finer detail, and takes longer.

    Args:
        image_size: int from 32 to 512.

    Example:
        >>> [shown_size_of(size) for size in (32, 48, 64, 128, 512)]
        [64, 96, 96, 192, 256]
    """
    coarsest = FEATURE_STRIDES[-1]
    return min(-(-3 * image_size // (2 * coarsest)) * coarsest, 256)


def pixel_widths_of(image_size) -> tuple:
    """Channels of a projected discriminator's look at the pixels, one for each halving.

    It halves down to some 8x8, the channels doubling to 128.

    Args:
        image_size: int from 32 to 512.

    Example:
        >>> [pixel_widths_of(size) for size in (32, 64, 256)]
        [(64, 128), (32, 64, 128), (16, 16, 32, 64, 128)]
    """
    num_halvings = (image_size // 8).bit_length() - 1
    return tuple(max(16, 128 >> index) for index in reversed(range(num_halvings)))


def check_scales(image_size, shown_size, strides=FEATURE_STRIDES) -> None:
    """Checks that features of an image can be taken.

    Args:
        image_size: height and width of the images in pixels.
        shown_size: height and width at which the network sees them.
        strides: fractions of the side at which features are taken.

    Raises:
        ValueError: they can't.
    """
    if not LEAST_PROJECTED <= image_size <= MOST_PROJECTED:
        raise ValueError(
            f"Expected image_size from {LEAST_PROJECTED} to {MOST_PROJECTED}. "
            f"Received: image_size={image_size}"
        )
    known = FEATURE_STRIDES
    if not strides or list(strides) != sorted(set(strides)) or not set(strides) <= set(known):
        raise ValueError(
            f"Expected strides in ascending order out of {', '.join(map(str, known))}. "
            f"Received: strides={tuple(strides)}"
        )
    if shown_size % max(strides) or not LEAST_PROJECTED <= shown_size <= MOST_PROJECTED:
        raise ValueError(
            f"Expected images to be shown at a multiple of {max(strides)} from {LEAST_PROJECTED} "
            f"to {MOST_PROJECTED} pixels. Received: {shown_size}"
        )


def num_halvings_of_patch(patch_size, image_size) -> int:
    """How often a patch discriminator halves images.

    Args:
        patch_size: pixels at each side that one answer sees.
        image_size: height and width of the images.

    Raises:
        ValueError: another patch size, or images too small for it.

    Example:
        >>> num_halvings_of_patch(70, image_size=256)
        3
    """
    num_halvings = {16: 1, 34: 2, 70: 3, 142: 4, 286: 5}.get(patch_size)
    if num_halvings is None:
        raise ValueError(
            f"Expected patch_size 16, 34, 70, 142 or 286. Received: patch_size={patch_size}"
        )
    smallest = 3 * 2**num_halvings
    if image_size < smallest:
        raise ValueError(
            f"Expected image_size from {smallest} for patch_size={patch_size}; a smaller "
            f"patch_size takes smaller images. Received: image_size={image_size}"
        )
    return num_halvings


def check_halvings(image_size, num_halvings) -> None:
    """Checks that an image can be halved so often, or a square doubled up to it.

    Args:
        image_size: int.
        num_halvings: int, mostly one for every width.

    Raises:
        ValueError: it can't, or is not to be halved at all.
    """
    if num_halvings < 1 or image_size % 2**num_halvings:
        raise ValueError(
            "Expected image_size to be divisible by 2 ** n for n halvings, which are one for each "
            f"width and at least one. Received: image_size={image_size}, n={num_halvings}"
        )


def check_pixel_range(pixel_range) -> None:
    """Checks the range of pixels within a network.

    Args:
        pixel_range: (0, 1) or (-1, 1).

    Raises:
        ValueError: another one.
    """
    if tuple(pixel_range) not in {(0, 1), (-1, 1)}:
        raise ValueError(
            f"Expected pixel_range (0, 1) or (-1, 1). Received: pixel_range={pixel_range}"
        )
