"""Runs of translators: CycleGAN between two domains, StarGAN among many."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "building": ["build_translation_model"],
        "config": ["TranslationConfig"],
        "domains": ["load_domains"],
        "files": ["translate_files"],
        "measures": ["measure_run"],
        "presets": ["TRANSLATION_PRESETS"],
        "released": ["Translator", "is_translation", "open_translator"],
        "training": ["train_translation"],
    },
)
