"""Where images come from: every source yields the same records."""

import lazy_loader

# Lazy, because only some sources need TensorFlow or its data sets.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "arrays": ["ArraySource", "NpzSource"],
        "detection": ["open_source"],
        "domain_folders": ["DomainSource", "open_domains"],
        "drawn": ["DrawnDomains", "DrawnSource"],
        "folder": ["FolderSource"],
        "idx": ["IdxSource", "read_idx"],
        "progress": ["ProgressSource"],
        "records": ["Record", "Source"],
        "tfds": ["TfdsSource"],
        "tfrecord": ["TFRecordSource"],
    },
)
