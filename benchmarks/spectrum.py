"""How much power images have at each frequency: blur and grids that the eye may miss."""

import numpy as np
from matplotlib.figure import Figure

GRID_PERIODS = (2, 4)  # pixels; upsampling by 2 leaves these, once or twice before the output


def power_spectrum(images) -> np.ndarray:
    """Power of images at each pair of frequencies, averaged over images and channels.

    Each image has its mean taken away and is faded out towards its border by a Hann window; without
    it the border's jump would hide what is at the highest frequencies. White noise of variance v
    has power v everywhere; a cosine of amplitude a along one axis of n pixels has (a n / 3)^2
    at its own frequency.

    Args:
        images: array of shape (count, size, size, channels), float in [-1, 1] or uint8.

    Returns:
        float64 array of shape (size, size), in the order of ``np.fft.fft2``.

    Raises:
        ValueError: no square images.

    Example:
        >>> power_spectrum(np.zeros((2, 8, 8, 3))).shape
        (8, 8)
    """
    images = np.asarray(images)
    if images.ndim != 4 or not len(images) or images.shape[1] != images.shape[2]:
        raise ValueError(
            f"Expected images of shape (count, size, size, channels). Received: {images.shape}"
        )
    size = images.shape[1]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    window = (window[:, None] * window)[..., None]
    power = np.zeros((size, size))
    for image in images:  # One by one: complex copies of all of them would take gigabytes.
        image = image / 127.5 - 1.0 if image.dtype == np.uint8 else image.astype(np.float64)
        centred = image - image.mean(axis=(0, 1))
        transformed = np.fft.fft2(centred * window, axes=(0, 1))
        power += (np.abs(transformed) ** 2).mean(axis=-1)
    return power / (len(images) * (window**2).sum())


def radial_average(power) -> tuple:
    """Power by frequency alone, averaged over all directions.

    Args:
        power: float array of shape (size, size), see ``power_spectrum``.

    Returns:
        (frequencies, power), float64 arrays of shape (size // 2,); frequencies in cycles per pixel,
        from 1 / size to Nyquist's 1 / 2.

    Example:
        >>> frequencies, _ = radial_average(np.ones((8, 8)))
        >>> frequencies.tolist()
        [0.125, 0.25, 0.375, 0.5]
    """
    size = len(power)
    cycles = np.fft.fftfreq(size, 1 / size)
    rings = np.rint(np.hypot(cycles[:, None], cycles)).astype(int)
    sums = np.bincount(rings.ravel(), weights=power.ravel())
    kept = slice(1, size // 2 + 1)
    return np.arange(size)[kept] / size, (sums / np.bincount(rings.ravel()))[kept]


def grid_peaks(power, period) -> tuple:
    """Power where a regular grid of a period would show, and how far it stands out there.

    Rows, columns, and checkerboards of the period, that is its frequency along either axis or both.

    Args:
        power: float array of shape (size, size), see ``power_spectrum``.
        period: int from 2, in pixels; ``size`` is one of its multiples.

    Returns:
        (energy, prominence), floats: mean power at those frequencies; and the mean of what it is
        as a multiple of the median power two to four frequencies away.

    Raises:
        ValueError: the period does not divide the size.

    Example:
        >>> grid_peaks(np.ones((16, 16)), 2)
        (1.0, 1.0)
    """
    size = len(power)
    if period < 2 or size % period:
        raise ValueError(f"Expected a period from 2 that divides {size}. Received: {period}")
    step = size // period
    points = {(step, 0), (0, step), (step, step), (step, -step % size)}
    offsets = np.mgrid[-4:5, -4:5].reshape(2, -1)
    # The window spreads a peak to the frequencies next to it, so these are no neighbourhood.
    offsets = offsets[:, np.abs(offsets).max(axis=0) >= 2]
    energies, prominences = [], []
    for row, column in sorted(points):
        around = power[(row + offsets[0]) % size, (column + offsets[1]) % size]
        energies.append(power[row, column])
        prominences.append(power[row, column] / max(np.median(around), np.finfo(float).tiny))
    return float(np.mean(energies)), float(np.mean(prominences))


def spectrum_numbers(power, real_power) -> dict:
    """What a generator's spectrum says beside that of the real images.

    Args:
        power: float array of shape (size, size), see ``power_spectrum``.
        real_power: the same of the real images.

    Returns:
        Dict of floats: ``high_frequencies``, power of the upper half of the frequencies over that
        of the real images; and for each period p of ``GRID_PERIODS`` that divides the size,
        ``grid_p_energy``, power at the grid's frequencies over that of the real images, and
        ``grid_p_prominence``, how far it stands out of its neighbourhood.

    Example:
        >>> spectrum_numbers(np.full((8, 8), 2.0), np.ones((8, 8)))["high_frequencies"]
        2.0
    """
    curves = [radial_average(each)[1] for each in (power, real_power)]
    upper = slice(len(curves[0]) // 2, None)
    numbers = {"high_frequencies": float(curves[0][upper].mean() / curves[1][upper].mean())}
    for period in GRID_PERIODS:
        if len(power) % period:
            continue
        energy, prominence = grid_peaks(power, period)
        numbers[f"grid_{period}_energy"] = energy / grid_peaks(real_power, period)[0]
        numbers[f"grid_{period}_prominence"] = prominence
    return numbers


def draw_spectra(powers) -> Figure:
    """Radially averaged spectra in one panel, power on a logarithmic scale.

    Args:
        powers: dict of a name to what ``power_spectrum`` returned; the first is the real images',
            drawn in black.

    Returns:
        ``matplotlib.figure.Figure``.
    """
    figure = Figure(figsize=(7, 4.2), dpi=120, layout="constrained")
    axis = figure.subplots()
    for index, (name, power) in enumerate(powers.items()):
        style = {"color": "black", "linewidth": 2} if not index else {"color": f"C{index - 1}"}
        axis.semilogy(*radial_average(power), label=name, **style)
    for period in GRID_PERIODS:
        axis.axvline(1 / period, color="grey", linewidth=0.7, linestyle=":")
    axis.set(xlabel="cycles per pixel (dotted: grids of 4 and 2 pixels)", ylabel="power")
    axis.grid(alpha=0.3)
    for text in axis.legend(fontsize=8, frameon=False).get_texts():
        text.set_parse_math(False)  # A name may have two dollars in it.
    return figure
