"""SHA-256 of every file of a folder, as ``sha256sum`` writes and reads them."""

import pathlib
import re

from tfgan_lab.files import sha256_of, write_atomically

FILE = "SHA256SUMS"


def write_sums(folder) -> None:
    """Writes ``SHA256SUMS``, with which ``sha256sum --check`` says whether the folder is whole.

    Args:
        folder: path; all files in it and below count.
    """
    folder = pathlib.Path(folder)
    lines = [f"{sha256_of(folder / name)}  {name}\n" for name in _names(folder)]
    write_atomically(folder / FILE, "".join(lines).encode())


def check_sums(folder) -> None:
    """Compares the files that ``SHA256SUMS`` lists.

    Args:
        folder: path.

    Raises:
        ValueError: there is no such list, or a file of it is missing or was changed.
    """
    folder = pathlib.Path(folder)
    there = set(_names(folder))
    wrong = []
    for name, digest in _read(folder / FILE).items():
        if name not in there:
            wrong.append(f"{name} is missing")
        elif sha256_of(folder / name) != digest:
            wrong.append(f"{name} was changed")
    if wrong:
        raise ValueError(
            f"Expected the files of {folder} as {FILE} lists them. Received: {', '.join(wrong)}"
        )


def _names(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    names = (path.relative_to(folder).as_posix() for path in files)
    return sorted(name for name in names if name != FILE)


def _read(path):
    if not path.is_file():
        raise ValueError(f"Expected an export with {path}. Received: none")
    lines = path.read_text().splitlines()
    matches = [re.fullmatch(r"([0-9a-f]{64})  (.+)", line) for line in lines]
    if not all(matches):
        raise ValueError(f"Expected checksums in {path}. Received: a damaged file")
    return {match[2]: match[1] for match in matches}
