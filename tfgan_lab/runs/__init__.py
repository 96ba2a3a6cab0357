"""From a configuration to a run directory."""

import lazy_loader

# Lazy, because flags and --dry_run of a wrong configuration should not wait for TensorFlow.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["export", "translation"],
    submod_attrs={
        "config": ["ConfigError", "RunConfig"],
        "directory": ["RunDirectory"],
        "evaluation": ["Request", "evaluate_run"],
        "presets": ["PRESETS"],
        "building": ["build_model"],
        "diagnosing": ["diagnose"],
        "images": ["load_images"],
        "sweep": ["SweepRun", "plan_sweep", "run_sweep"],
        "sweep_axes": ["axis", "parse_axis", "read_axis"],
        "sweep_results": ["Summary", "summarise", "write_sweep"],
        "sweep_worker": ["TrainAndMeasure"],
        "training": ["train"],
    },
)
