"""Files that are either whole or not there: written aside, synced, then renamed into place."""

import contextlib
import glob
import hashlib
import json
import os
import pathlib
import re
import shutil

SHA256_SUFFIX = ".sha256"  # of the file beside another
TEMPORARY_SUFFIX = ".writing"
FOLDER_SUFFIX = ".filling"  # Another one: a run that starts removes what ends in the first.


def write_atomically(path, content: bytes) -> None:
    """Writes a file so that a crash at any moment leaves the old content or the new, never half.

    Args:
        path: where to write; its folder is made when missing.
        content: all of the bytes.
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
    try:
        with named(path), open(temporary, "wb") as file:
            _write_synced(file, content)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def folder_written_atomically(path):
    """Fills a folder aside, and puts it into place when the block ends without an error.

    An existing folder is replaced by the new one. What a killed process left aside of
    the same folder is removed first, or put back into its place.

    Args:
        path: of the folder.

    Yields:
        ``pathlib.Path`` of an empty folder to write to.
    """
    path = pathlib.Path(path).absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    former = path.with_name(f".{path.name}.former{FOLDER_SUFFIX}")
    if former.exists() and not path.exists():
        os.rename(former, path)
    for leftover in path.parent.glob(f".{glob.escape(path.name)}.*{FOLDER_SUFFIX}"):
        shutil.rmtree(leftover)
    aside = path.with_name(f".{path.name}.{os.getpid()}{FOLDER_SUFFIX}")
    aside.mkdir()
    try:
        yield aside
        for file in filter(pathlib.Path.is_file, aside.rglob("*")):
            with open(file, "rb") as written:
                os.fsync(written.fileno())
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    if path.exists():
        # A folder can't be renamed onto another that is not empty.
        os.rename(path, former)
    os.rename(aside, path)
    shutil.rmtree(former, ignore_errors=True)


def append_synced(path, content: bytes) -> None:
    """Appends to a file, and returns when it is on the disk.

    Args:
        path: of the file; made when missing.
        content: what to append.
    """
    with named(path), open(path, "ab") as file:
        _write_synced(file, content)


@contextlib.contextmanager
def named(path):
    """Lets errors of writing say of which file they are, as those of opening do.

    Args:
        path: what the errors' ``filename`` is to be.
    """
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def _write_synced(file, content):
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def plain_name(text) -> str:
    """Makes any text a part of a file's name, which can't lead to another folder.

    What file systems or shells reserve becomes ``_``; a text that is all dots, too. It is cut
    after 80 bytes.

    Args:
        text: str, such as the name of a class out of somebody else's file.

    Example:
        >>> plain_name("../../red"), plain_name("winter night"), plain_name("..")
        ('.._.._red', 'winter night', '__')
    """
    plain = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', "_", str(text))
    plain = plain.encode(errors="replace")[:80].decode(errors="ignore")
    return plain if plain.strip(". ") else "_" * max(1, len(plain))


def remove_unfinished(folder) -> None:
    """Removes what killed writers left aside, anywhere under a folder nobody else writes to."""
    for leftover in pathlib.Path(folder).rglob(f".*{TEMPORARY_SUFFIX}"):
        leftover.unlink(missing_ok=True)


def write_json(path, value) -> None:
    """Writes a value as indented JSON, atomically; NaN is refused because JSON has none."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    write_atomically(path, text.encode() + b"\n")


def read_json(path):
    """Reads a JSON file.

    Raises:
        ValueError: the file is not JSON; the message names it.
    """
    try:
        return json.loads(pathlib.Path(path).read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"Expected JSON in {path}. Received: a damaged file ({error}).") from error


def sha256_of(path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_with_sha256(path, content: bytes) -> None:
    """Writes a file atomically and its SHA-256 beside it, in the form ``sha256sum -c`` reads."""
    path = pathlib.Path(path)
    digest = hashlib.sha256(content).hexdigest()
    write_atomically(path, content)
    beside = path.with_name(path.name + SHA256_SUFFIX)
    write_atomically(beside, f"{digest}  {path.name}\n".encode())
