"""Images: where they come from, what is wrong with them, and how they reach the model."""

import lazy_loader

# Lazy, because inspecting a folder needs no TensorFlow and should start at once.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["drawn", "sources"],
    submod_attrs={
        "augmentation": ["Augmentation"],
        "conversion": ["convert"],
        "decoding": ["UnusableImageError"],
        "domain_images": ["AlternatingImages", "UnpairedImages", "split_domains"],
        "image_set": ["ImageSet"],
        "inspection": ["Inspection", "inspect_source"],
        "image_loading": [
            "from_arrays",
            "from_folder",
            "from_source",
            "from_tfds",
            "plates",
            "vehicles",
        ],
        "similarity": ["farthest", "near_duplicates", "thumbnails"],
        "statistics": ["PixelStatistics", "Statistics"],
    },
)
