"""What kind of processor this is; Linux tells, elsewhere little is known."""

import os
import pathlib
import platform

# Environment variables that say with how many threads TensorFlow computes: within one operation,
# and how many operations at once.
INTRA_OP_THREADS = "TF_NUM_INTRAOP_THREADS"
INTER_OP_THREADS = "TF_NUM_INTEROP_THREADS"


def processor_name() -> str:
    """The processor's model."""
    return _cpu_info("model name") or platform.processor() or platform.machine()


def processor_flags() -> frozenset:
    """The processor's extensions, as Linux names them; empty where it doesn't tell."""
    return frozenset(_cpu_info("flags").split())


def usable_cores() -> int:
    """Cores this process may run on: fewer than there are under taskset or in a container."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def _cpu_info(field):
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(field)), "")
