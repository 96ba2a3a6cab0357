"""From a configuration to a run directory, and what is done with one."""

import lazy_loader

# Lazy, because flags and --dry_run of a wrong configuration should not wait for TensorFlow.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["export"],
    submod_attrs={
        "settings.run_config": ["ConfigError", "RunConfig"],
        "settings.presets": ["PRESETS"],
        "settings.translation_config": ["TranslationConfig"],
        "settings.translation_presets": ["TRANSLATION_PRESETS"],
        "training.directory": ["RunDirectory"],
        "training.run_images": ["load_images"],
        "training.run_domains": ["load_domains"],
        "training.latent_building": ["build_model"],
        "training.translation_building": ["build_translation_model"],
        "training.latent_training": ["train"],
        "training.translation_training": ["train_translation"],
        "reading.opening": ["open_run"],
        "reading.finished_run": ["FinishedRun"],
        "reading.latent_run": ["LatentRun"],
        "reading.translation_run": ["TranslationRun"],
        "reading.run_evaluation": ["Request"],
        "reading.diagnosing": ["diagnose"],
        "reading.translated_files": ["translate_files"],
        "reading.translator": ["Translator"],
        "sweep.sweep_axes": ["axis", "parse_axis", "read_axis"],
        "sweep.sweeping": ["SweepRun", "plan_sweep", "run_sweep"],
        "sweep.sweep_results": ["Summary", "summarise", "write_sweep"],
        "sweep.sweep_worker": ["TrainAndMeasure"],
    },
)
