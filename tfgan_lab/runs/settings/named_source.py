"""The source that a configuration names. Nothing here needs TensorFlow unless the source does."""

import os
import time

from tfgan_lab.data import sources
from tfgan_lab.runs.settings.validity import ConfigError

# Drawn ones are not kept.
_NAMED_BY = ("data_dir", "tfds_name", "tfds_label", "tfds_split", "drawn", "conditional")
_TICK = 2e9  # nanoseconds; the coarsest that a file system tells times in

_kept = {}  # The source that was opened last, and when what it watches had changed, by its names.


def open_source(settings):
    """Opens the source that settings name.

    The source that was opened last is kept, for a start asks several times, and to list a large
    folder or to count a class takes a while. It is opened again once anything of it has changed.

    Args:
        settings: dict with ``data_dir``, ``tfds_name``, ``tfds_label``, ``tfds_split``,
            ``drawn``, ``num_drawn``, ``image_size`` and ``seed``; with ``conditional``, the
            subfolders of a folder are classes.

    Returns:
        ``tfgan_lab.data.sources.Source``.

    Raises:
        OSError, ValueError: there is no such source, or it is damaged.
    """
    names = tuple(settings.get(name) for name in _NAMED_BY)
    if names in _kept:
        source, changed = _kept[names]
        if _last_changes(source) == changed:
            return source
    _kept.clear()
    begin = time.time_ns()
    source = _open(settings)
    if source.watched is not None:
        changed = _last_changes(source)
        # What changed a moment ago may change again within the same tick, and nobody could tell.
        if max(changed, default=0) < begin - _TICK:
            _kept[names] = source, changed
    return source


def open_domains(config):
    """Opens the source, labelled by domain, that a translator's configuration names.

    Args:
        config: ``TranslationConfig``.

    Returns:
        ``tfgan_lab.data.sources.Source``.

    Raises:
        OSError, ValueError: there is no such source, or it is damaged.
    """
    if config.drawn:
        return sources.DrawnDomains(
            config.factor, config.domain_names, config.num_drawn, config.image_size, config.seed
        )
    return sources.open_domains([path.strip() for path in config.data_dir.split(",")])


def _open(settings):
    if settings["drawn"]:
        size, seed = settings.get("image_size", 64), settings.get("seed", 0)
        return sources.DrawnSource(settings["drawn"], settings["num_drawn"], size, seed)
    if settings["tfds_name"]:
        label, split = settings["tfds_label"], settings["tfds_split"]
        return sources.TfdsSource(settings["tfds_name"], label, split)
    if not settings["data_dir"]:
        raise ConfigError("Expected --data_dir=FOLDER. Received: no source of images")
    labels = "folders" if settings.get("conditional") else None
    return sources.open_source(settings["data_dir"], labels)


def _last_changes(source):
    """When each file and folder of a source changed last, in nanoseconds; 0 where it is gone."""
    return [os.stat(path).st_mtime_ns if os.path.exists(path) else 0 for path in source.watched]
