"""Which precision the networks compute in: unless given, the fastest this machine supports."""

import contextlib

from tfgan_lab.machine import processor_flags

# Instructions that multiply pairs of bfloat16, for which the convolution library has kernels.
FAST_BFLOAT16 = ("amx_bf16", "avx512_bf16")


def resolve_precision(precision) -> tuple:
    """Chooses the arithmetic where it is left open.

    bfloat16 has float32's range with 8 instead of 24 bits. Weights, their moving average, the
    optimisers' moments, pixels, logits, losses and penalties stay float32 all the same.

    Args:
        precision: ``"auto"`` or the name of a Keras dtype policy.

    Returns:
        (name of a dtype policy, reason): the reason is empty where nothing was left open.

    Example:
        >>> resolve_precision("float32")
        ('float32', '')
    """
    if precision != "auto":
        return precision, ""
    capability = _gpu_capability()
    if capability:
        fast = capability >= (8, 0)
        reason = "this GPU is fast at bfloat16" if fast else "this GPU has no fast bfloat16"
    else:
        flags = [flag for flag in FAST_BFLOAT16 if flag in processor_flags()]
        fast = bool(flags)
        reason = (
            f"this processor multiplies bfloat16 faster ({flags[0]})"
            if fast
            else "this processor has no instructions for bfloat16"
        )
    return ("mixed_bfloat16" if fast else "float32"), reason


@contextlib.contextmanager
def computing_in(precision):
    """Lets the networks built within the block compute in an arithmetic; Keras' policy comes back.

    Args:
        precision: see ``resolve_precision``.

    Example:
        >>> import keras
        >>> with computing_in("mixed_bfloat16"):
        ...     layer = keras.layers.Dense(2)
        >>> layer.compute_dtype, keras.config.dtype_policy().name
        ('bfloat16', 'float32')
    """
    import keras  # Not above: it loads slowly, and to choose takes none of it.

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(resolve_precision(precision)[0])
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def explain_precision(precision) -> list:
    """Tells what was chosen and why: a list of one sentence, or of none.

    Args:
        precision: see ``resolve_precision``.
    """
    policy, reason = resolve_precision(precision)
    return [f"--precision={policy}: {reason}"] if reason else []


def _gpu_capability():
    """Compute capability of the weakest GPU, or ``None`` without one."""
    import tensorflow as tf

    details = [
        tf.config.experimental.get_device_details(gpu)
        for gpu in tf.config.list_physical_devices("GPU")
    ]
    return min((each.get("compute_capability", (0, 0)) for each in details), default=None)
