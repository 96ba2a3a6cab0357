"""The public surface, its docstrings' examples, and what importing does."""

import doctest
import importlib
import inspect
import json
import pkgutil
import subprocess
import sys

import pytest

import tfgan_lab

ROOMS = {
    "attribution": {"ActivationMaps", "activation_maps", "enlarge", "fine_layer", "mass_inside"},
    "callbacks": {"Checkpoints", "CsvLog", "Diagnosis", "DiscriminatorMaps", "Evaluate",
                  "FiniteGuard", "GeneratorRelease", "ImageSnapshots", "NonFiniteError",
                  "ProgressBar", "TensorBoardLog", "TrainingInterrupted", "TranslationSnapshots",
                  "translation_rows"},
    "data": {"AlternatingImages", "Augmentation", "ImageSet", "Inspection", "PixelStatistics",
             "Statistics", "UnpairedImages", "UnusableImageError", "convert", "drawn",
             "farthest", "from_arrays", "from_folder", "from_source", "from_tfds",
             "inspect_folder", "inspect_source", "near_duplicates", "plates", "sources",
             "split_domains", "thumbnails", "vehicles"},
    "diagnosis": {"Condition", "FAILURES", "Failure", "Signals", "TRANSLATION_FAILURES",
                  "TranslationSignals", "Verdict", "history", "judge"},
    "explorer": {"Explorer", "build_page", "serve"},
    "latents": {"Directions", "Gamma", "Inversion", "InversionSettings", "LatentDistribution",
                "LatentGenerator", "LayerFeatures", "Normal", "R1_DISTRIBUTIONS", "Smoothness",
                "TruncatedNormal", "Uniform", "as_generator", "as_targets", "between",
                "closed_walk", "distribution", "factorise", "first_dense", "interpolate",
                "Sphere", "inversion_settings", "invert", "linear", "principal_directions",
                "scale_values", "smoothness", "spherical", "strips", "truncate"},
    "layers": {"AdaptiveAugment", "Augmenter", "BatchNormalization", "BilinearUpSampling2D",
               "BlurDownsample", "ConditionalBatchNormalization", "DepthwiseConv2D",
               "DiffAugment", "DomainMaps", "Dropout", "ImagePool",
               "MinibatchStdDev", "ReflectionPadding2D", "SpectralConv2D",
               "SpectralDense", "TransposedConv2D", "advance_power_iterations",
               "with_keras_own"},
    "losses": {"AdversarialLoss", "AnnealedPenalty", "ApproximateR1", "ApproximateR2",
               "BinaryCrossEntropy", "Consistency", "CycleGANLoss", "CycleGANLosses", "DRAGAN",
               "DiscriminatorBatch", "GradientPenalty", "Hinge", "LabelSets", "LeCam",
               "LeastSquares", "Penalty", "R1", "R2", "RelativisticAverage",
               "RelativisticPairing", "StarGANLoss", "Wasserstein", "cycle_loss",
               "cyclegan_losses", "identity_loss"},
    "metrics": {"BlockKernelDistance", "ClassEvaluator", "ClassMeasures", "Evaluation",
                "Evaluator", "Features", "InceptionScore", "KernelDistance", "METRICS",
                "Groups", "Measure", "ModeCounts", "Moments", "NetworkFeatures", "RandomEmbedding",
                "append_evaluations", "choose_features", "classifier_features", "copying_ratio",
                "copying_statistic", "count_modes", "coverage_and_density", "distances",
                "diversity_ratio", "frechet_distance", "inception_features", "inception_score",
                "keras_inception_features", "kernel_distance", "kernel_entropy_ratio",
                "lite0_features", "mean_distance", "model_features", "nearest_other",
                "neighbour_ratio",
                "polynomial_kernel", "precision_and_recall", "read_evaluations",
                "sliced_wasserstein", "subset_kernel_distance"},
    "models": {"AdversarialModel", "ConditionalGAN", "CycleGAN", "FusedAdam", "GAN", "LinearDecay",
               "AdaptiveRate", "NetworkPair", "StarGAN", "UpdateRule", "load_model"},
    "networks": {"class_mixing_generator", "conditional_discriminator", "conditional_generator",
                 "convolutional_discriminator", "dcgan_discriminator", "dcgan_generator",
                 "domain_discriminator", "domain_translator", "draw_normal_weights",
                 "efficientnet_lite0", "fetch", "fid_inception", "fid_inception_input",
                 "light_generator", "lite0_layer_features", "patch_discriminator",
                 "pooled_classifier", "projected_discriminator", "projected_features",
                 "read_torch_weights", "residual_discriminator",
                 "residual_generator", "residual_translator", "transposed_generator",
                 "upsampling_generator"},
    "plots": {"channel_histograms", "compared_curves", "confusion_map", "gif_bytes", "histogram",
              "image_grid", "image_rows", "loss_curves", "overlay", "pixel_maps", "png_bytes",
              "tile_images", "tile_rows", "to_uint8", "untile_images"},
    "reports": {"add_exploration", "draw_exploration", "is_gallery", "reported",
                "write_comparison", "write_gallery", "write_measures", "write_report"},
    "runs": {"ConfigError", "PRESETS", "Request", "RunConfig", "RunDirectory", "Summary",
             "SweepRun", "TrainAndMeasure", "axis", "build_model", "diagnose", "evaluate_run",
             "export", "load_images", "parse_axis", "plan_sweep", "read_axis", "run_sweep",
             "summarise", "train", "translation", "write_sweep"},
}  # fmt: skip
MODULES = [module.name for module in pkgutil.walk_packages(tfgan_lab.__path__, prefix="tfgan_lab.")]


def test_public_names():
    models = {"ConditionalGAN", "GAN", "load_model"}
    assert set(tfgan_lab.__all__) == {*ROOMS, *models, "replicas", "__version__"}
    for room, names in ROOMS.items():
        module = getattr(tfgan_lab, room)
        assert set(module.__all__) == names
        for name in names:
            assert getattr(module, name) is not None


@pytest.mark.parametrize("name", ["tfgan_lab", *MODULES])
def test_examples_run(name):
    # Examples show what is documented, down to the number; ELLIPSIS only for addresses.
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0


def test_every_public_name_has_a_docstring_and_few_arguments():
    for name in MODULES:
        module = importlib.import_module(name)
        for label, member in vars(module).items():
            if label.startswith("_") or getattr(member, "__module__", None) != name:
                continue
            if not callable(member):
                continue  # A constant: an instance has its class's docstring and no signature.
            assert inspect.getdoc(member), f"{name}.{label}"
            if inspect.isclass(member) and (
                hasattr(member, "__dataclass_fields__") or issubclass(member, Exception)
            ):
                continue  # A table of settings, not a call; a builtin's signature.
            if inspect.isclass(member) and "__init__" not in vars(member):
                continue  # A signature inherited, from Keras for instance.
            parameters = inspect.signature(member).parameters.values()
            named = [p for p in parameters if p.kind is not p.VAR_KEYWORD]
            assert len(named) <= 7, f"{name}.{label}"


def test_import_is_light_and_changes_nothing():
    code = """
import json, os, random, sys
import tfgan_lab
heavy = [name for name in ("tensorflow", "keras", "matplotlib", "PIL") if name in sys.modules]
import numpy, tensorflow as tf, keras, matplotlib

def state():
    threading = tf.config.threading
    return (dict(os.environ), random.getstate(), keras.config.dtype_policy().name,
            numpy.random.get_state()[1].tolist(), threading.get_intra_op_parallelism_threads(),
            threading.get_inter_op_parallelism_threads(), matplotlib.rcParams.copy())

before = state()
for room in tfgan_lab.__all__:
    module = getattr(tfgan_lab, room)
    for name in getattr(module, "__all__", ()):
        getattr(module, name)
same = state() == before
print(json.dumps([heavy, same]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == [[], True]
