"""Weights of a file that need not be trusted, first read in a process that may die.

HDF5 is read by native code. What that makes of bytes which were never weights happens in a process
of limited memory, which knows NumPy and h5py and nothing else: this file, run as a script. On
systems without such a limit, as macOS, the process has a limit of time alone.
"""

import contextlib
import io
import os
import subprocess
import sys
import zipfile

SECONDS = 120.0
_ROOM = 2**29  # bytes of memory, beyond twice the file's and what the libraries have taken
# A pool of threads takes 40 MB of addresses for each core, of which there may be hundreds.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def check_weights(path, member) -> None:
    """Checks that weights can be read, and are no larger than the bytes that hold them.

    Args:
        path: of a zip archive.
        member: str, name of the HDF5 file in it.

    Raises:
        ValueError: they can't, or are.
    """
    # Without the caller's environment of Python's, and without this package.
    command = [sys.executable, "-I", os.path.abspath(__file__), os.path.abspath(path), member]
    try:
        child = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, env=os.environ | _ONE_THREAD
        )
    except subprocess.TimeoutExpired:
        raise ValueError(f"Expected weights that are read within {SECONDS:.0f} seconds") from None
    if child.returncode:
        told = child.stdout.strip() or "Expected weights. Received: their reader died of them"
        raise ValueError(told)


def _read(path, member):
    """Reads every data set once; returns what is wrong, or nothing."""
    import h5py

    with zipfile.ZipFile(path) as archive:
        _limit_memory(_ROOM + 2 * archive.getinfo(member).file_size)
        stored = archive.read(member)
    found, strange = [], []

    def visit(name, link):
        if not isinstance(link, h5py.HardLink):
            strange.append(name)

    def measure(_, part):
        if isinstance(part, h5py.Dataset):
            found.append(part)

    with h5py.File(io.BytesIO(stored), "r") as file:
        file.visititems_links(visit)
        if strange:
            return f"Expected weights and no links to elsewhere. Received: {strange[0]!r:.80}"
        file.visititems(measure)
        if sum(part.nbytes for part in found) > len(stored):
            return f"Expected weights of {len(stored):,} bytes. Received: packed ones, or more"
        if any(part.is_virtual or part.external for part in found):
            return "Expected weights within the file. Received: some that lie elsewhere"
        for part in found:
            part[()]
    return ""


def _limit_memory(num_bytes):
    """Limits the memory to so much more than there is, where the system can do that."""
    try:
        import resource

        with open("/proc/self/statm") as file:
            taken = int(file.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):  # Windows, or macOS, which refuses any limit of addresses.
        return
    limit = taken + num_bytes
    with contextlib.suppress(ValueError):  # A lower one is set already.
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _main():
    try:
        wrong = _read(*sys.argv[1:])
    # What HDF5 raises of bytes that are none of its own is not foreseeable.
    except Exception as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        wrong = f"Expected weights. Received: a damaged file ({reason})"
    print(wrong)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(_main())
