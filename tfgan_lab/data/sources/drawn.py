"""Drawn images: a source without files, whose classes and further factors are known."""

from tfgan_lab.data.drawn.plate_domains import draw_domains
from tfgan_lab.data.drawn.plates import NUM_MODES, draw_plate, mode_name
from tfgan_lab.data.drawn.vehicles import BODY_TYPES, draw_vehicle
from tfgan_lab.data.sources.records import Record, Source

# What draws one image, what it is called, the factor that is its class, and the classes' names.
_DRAWINGS = {
    "plates": (draw_plate, "plate", "mode", tuple(map(mode_name, range(NUM_MODES)))),
    "vehicles": (draw_vehicle, "vehicle", "body_type", BODY_TYPES),
}


class DrawnSource(Source):
    """Plates of spaghetti, labelled with their 20 modes, or vehicles with their 8 body types.

    Args:
        name: ``"plates"`` or ``"vehicles"``.
        count: int from 1, number of images.
        image_size: int from 16, height and width in pixels.
        seed: int from 0; image ``i`` depends on ``seed`` and ``i`` alone.

    Raises:
        ValueError: another name.

    Example:
        >>> [record.name for record in DrawnSource("plates", 2, image_size=16)]
        ['plate_00000', 'plate_00001']
    """

    kind = "drawn"

    def __init__(self, name, count, image_size=64, seed=0):
        if name not in _DRAWINGS:
            raise ValueError(f"Expected drawings out of {', '.join(_DRAWINGS)}. Received: {name!r}")
        super().__init__(name)
        self._draw, self._called, self._factor, self.class_names = _DRAWINGS[name]
        self._count, self._image_size, self._seed = count, image_size, seed

    def __len__(self):
        """Number of images."""
        return self._count

    def __iter__(self):
        """See the base class."""
        for index in range(self._count):
            image, factors = self._draw(self._seed, index, self._image_size)
            yield Record(
                f"{self._called}_{index:05d}", image, factors[self._factor], factors=factors
            )


class DrawnDomains(Source):
    """Drawn plates of some domains, labelled with them: see ``draw_domains``.

    Args:
        factor: as of ``draw_domains``.
        values: as of ``draw_domains``, the domains' names.
        count: as of ``draw_domains``.
        image_size: as of ``draw_domains``.
        seed: as of ``draw_domains``.

    Example:
        >>> source = DrawnDomains("plate", ["white", "black"], 2, image_size=16)
        >>> [(record.name, record.label) for record in source]
        [('plate_00002', 0), ('plate_00005', 1)]
    """

    kind = "drawn"

    def __init__(self, factor, values, count, image_size=32, seed=0):
        super().__init__("drawn plates")
        self.class_names = tuple(values)
        self._arguments = (factor, self.class_names, count, image_size, seed)

    def __len__(self):
        """Number of images of all domains."""
        return self._arguments[2]

    def __iter__(self):
        """See the base class."""
        for image, domain, scene in zip(*draw_domains(*self._arguments), strict=True):
            yield Record(f"plate_{scene:05d}", image, int(domain))
