"""The source that a configuration names. Nothing here needs TensorFlow unless the source does."""

import functools

from tfgan_lab.data import sources
from tfgan_lab.data.drawn.plates import NUM_MODES, draw_plates, mode_name
from tfgan_lab.data.drawn.vehicles import BODY_TYPES, draw_vehicles
from tfgan_lab.runs.settings.validity import ConfigError

# Names of the classes, what draws, the factor that is the class, and what an image is called.
_DRAWN = {
    "plates": (tuple(map(mode_name, range(NUM_MODES))), draw_plates, "mode", "plate"),
    "vehicles": (tuple(BODY_TYPES), draw_vehicles, "body_type", "vehicle"),
}


def open_source(settings):
    """Opens the source that settings name.

    Args:
        settings: dict with ``data_dir``, ``tfds_name``, ``tfds_label``, ``tfds_split``,
            ``drawn``, ``num_drawn``, ``image_size`` and ``seed``; with ``conditional``, the
            subfolders of a folder are classes.

    Returns:
        ``tfgan_lab.data.sources.Source``.

    Raises:
        OSError, ValueError: there is no such source, or it is damaged.
    """
    if settings["drawn"]:
        return _Drawn(settings)
    if settings["tfds_name"]:
        return _open_tfds(settings["tfds_name"], settings["tfds_label"], settings["tfds_split"])
    if not settings["data_dir"]:
        raise ConfigError("Expected --data_dir=FOLDER. Received: no source of images")
    labels = "folders" if settings.get("conditional") else None
    return sources.open_source(settings["data_dir"], labels)


@functools.lru_cache(maxsize=1)
def _open_tfds(name, label, split):
    """Kept, for to count the images of a class takes a pass over all of them."""
    return sources.TfdsSource(name, label, split)


class _Drawn(sources.Source):
    """Drawn images as records, drawn only when asked for."""

    kind = "drawn"

    def __init__(self, settings):
        super().__init__(settings["drawn"])
        self._settings = settings
        self.class_names, self._draw, self._factor, self._noun = _DRAWN[settings["drawn"]]

    def __len__(self):
        """Number of images."""
        return self._settings["num_drawn"]

    def __iter__(self):
        """See the base class."""
        size, seed = self._settings["image_size"], self._settings["seed"]
        images, factors = self._draw(len(self), image_size=size, seed=seed)
        for index, (image, label) in enumerate(zip(images, factors[self._factor], strict=True)):
            yield sources.Record(f"{self._noun}_{index:05d}", image, int(label))
