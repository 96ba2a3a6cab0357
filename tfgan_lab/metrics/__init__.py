"""Measures of what a generator makes: float64 formulas on plain arrays."""

import lazy_loader

# Lazy, because the formulas need numpy alone and the networks TensorFlow.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "choice": ["choose_features"],
        "class_measures": ["ClassEvaluator", "ClassMeasures"],
        "classifier": ["classifier_features"],
        "distances": ["distances", "mean_distance", "nearest_other"],
        "diversity": ["diversity_ratio", "kernel_entropy_ratio", "neighbour_ratio"],
        "embedding": ["RandomEmbedding"],
        "evaluator": ["Evaluation", "Evaluator"],
        "features": [
            "Features",
            "NetworkFeatures",
            "inception_features",
            "keras_inception_features",
            "lite0_features",
            "model_features",
        ],
        "frechet": ["frechet_distance"],
        "groups": ["Groups"],
        "inception_score": ["InceptionScore", "inception_score"],
        "kernel": [
            "KernelDistance",
            "kernel_distance",
            "polynomial_kernel",
            "subset_kernel_distance",
        ],
        "manifold": ["coverage_and_density", "precision_and_recall"],
        "measures": ["METRICS", "Measure"],
        "memorisation": ["copying_ratio", "copying_statistic"],
        "modes": ["ModeCounts", "count_modes"],
        "moments": ["Moments"],
        "evaluation_records": ["append_evaluations", "read_evaluations"],
        "sliced_wasserstein": ["sliced_wasserstein"],
    },
)
