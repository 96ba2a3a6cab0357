"""The formats that a generator can be exported to: what each takes, writes, and is opened with."""

import contextlib
import dataclasses
import importlib
import logging
import pathlib
import typing
import warnings

# Opset 15 is tf2onnx' own default, which every runtime of the last years reads.
OPSET = 15


@dataclasses.dataclass(frozen=True)
class Format:
    """A format.

    Args:
        name: as the command line has it.
        keras_name: as ``keras.Model.export`` has it.
        title: as people write it.
        suffix: of its files; empty for a folder.
        runtime: package that opens it.
        module: what is imported of that package.
        converters: packages that writing it takes besides TensorFlow.
        options: function without arguments, of further arguments of ``keras.Model.export``.
    """

    name: str
    keras_name: str
    title: str
    suffix: str
    runtime: str
    module: str
    converters: tuple = ()
    options: typing.Callable = dict

    def require(self, writing=True):
        """Checks that what it takes is installed.

        Args:
            writing: bool, whether it is to be written, and not only opened.

        Raises:
            ImportError: it isn't; the message says how to install it.
        """
        packages = {self.module: self.runtime}
        if writing:
            packages |= {name: name for name in self.converters}
        missing = [package for module, package in packages.items() if not _there(module)]
        if missing:
            raise ImportError(
                f"Expected {' and '.join(packages.values())}, which --format={self.name} "
                f"takes. Received: no {' and no '.join(missing)}; install them with "
                "pip install 'tfgan_lab[export]'"
            )

    def write(self, network, folder) -> pathlib.Path:
        """Writes a network.

        Args:
            network: ``keras.Model``; its name is the file's.
            folder: path of a folder that is there.

        Returns:
            Path of the file, or of the SavedModel's folder.

        Raises:
            ValueError: the format can't hold the network.
        """
        path = pathlib.Path(folder) / f"{network.name}{self.suffix}"
        try:
            with _errors_alone():
                network(network.input)  # Keras refuses ONNX of a model that was never called.
                network.export(str(path), format=self.keras_name, verbose=False, **self.options())
        except Exception as error:  # The converters have no errors of their own.
            reason = " ".join(str(error).split())[:300]
            raise ValueError(
                f"Expected a network that {self.title} can hold. Received: {network.name}, of "
                f"which the converter says: {reason}"
            ) from error
        return path


def _litert_options():
    import tensorflow as tf

    # Nothing but LiteRT's own operations: others would take TensorFlow where it is used.
    return {"target_spec": {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}}


FORMATS = {
    each.name: each
    for each in (
        Format("savedmodel", "tf_saved_model", "SavedModel", "", "tensorflow", "tensorflow"),
        Format(
            "onnx",
            "onnx",
            "ONNX",
            ".onnx",
            "onnxruntime",
            "onnxruntime",
            converters=("tf2onnx", "onnx"),
            options=lambda: {"opset_version": OPSET},
        ),
        Format(
            "litert",
            "litert",
            "LiteRT",
            ".tflite",
            "ai-edge-litert",
            "ai_edge_litert",
            options=_litert_options,
        ),
    )
}


def _there(module):
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


@contextlib.contextmanager
def _errors_alone():
    """Lets the converters speak of errors alone, not of themselves."""
    loggers = [logging.getLogger(name) for name in ("tf2onnx", "tensorflow")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
