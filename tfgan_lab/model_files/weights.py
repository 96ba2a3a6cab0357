"""Weights of a file that need not be trusted, first read in a process that may die.

HDF5 is read by native code. What that makes of bytes which were never weights happens in a process
of limited memory, which knows NumPy and h5py and nothing else: this file, run as a script.
"""

import io
import os
import subprocess
import sys
import zipfile

SECONDS = 120.0
_ROOM = 2**30  # bytes of memory, beyond twice the file's, for the interpreter and its libraries


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
        child = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
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
    try:
        import resource
    except ImportError:  # There is none on Windows.
        return
    resource.setrlimit(resource.RLIMIT_AS, (num_bytes, num_bytes))


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
