"""Files of weights that are downloaded once, checked, and kept."""

import hashlib
import os
import pathlib
import tempfile
import urllib.error
import urllib.request

from tfgan_lab.files import sha256_of

CHUNK = 2**20
MOST_BYTES = 2**31
TIMEOUT = 60.0  # seconds without a byte


def cache_folder() -> pathlib.Path:
    """Where downloaded files are kept: TFGAN_LAB_CACHE, or ``tfgan_lab`` in the user's cache."""
    own = os.environ.get("TFGAN_LAB_CACHE")
    if own:
        return pathlib.Path(own)
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "tfgan_lab"


def fetch(url, sha256, folder=None) -> pathlib.Path:
    """Returns a file's path, downloading it unless it is there, whole and right.

    It is written aside and renamed into place once its SHA-256 is right: what is cut off, or is
    something else, is never found there, also not by a second process at the same time.

    Args:
        url: where it is.
        sha256: str of 64 hexadecimal digits.
        folder: where to keep it; ``cache_folder()`` unless given.

    Returns:
        ``pathlib.Path``.

    Raises:
        ConnectionError: it can't be downloaded.
        ValueError: what came is another file.

    Example:
        >>> fetch("https://example.org/weights.pth", 64 * "0")  # doctest: +SKIP
    """
    folder = cache_folder() if folder is None else pathlib.Path(folder)
    path = folder / url.rsplit("/", 1)[-1]
    if path.is_file() and sha256_of(path) == sha256:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=f".{path.name}.", suffix=".writing")
    try:
        with open(descriptor, "wb") as file:
            received = _download(url, file)
        if received != sha256:
            raise ValueError(
                f"Expected the file with SHA-256 {sha256} at {url}. Received: one with {received}"
            )
        os.replace(temporary, path)
    finally:
        pathlib.Path(temporary).unlink(missing_ok=True)
    return path


def _download(url, file):
    digest, size = hashlib.sha256(), 0
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
            while chunk := answer.read(CHUNK):
                size += len(chunk)
                if size > MOST_BYTES:
                    raise ValueError(f"Expected at most {MOST_BYTES:,} bytes at {url}")
                digest.update(chunk)
                file.write(chunk)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", None) or error
        raise ConnectionError(f"Expected to download {url}. Received: {reason}") from error
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest()
