import os
import subprocess

import pytest

from tfgan_lab.files import (
    append_synced,
    folder_written_atomically,
    read_json,
    remove_unfinished,
    write_atomically,
    write_json,
    write_with_sha256,
)


def test_write_and_replace(tmp_path):
    path = tmp_path / "new" / "file.txt"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.txt"]
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask():
    umask = os.umask(0)
    os.umask(umask)
    return umask


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch, failing):
    path = tmp_path / "file.txt"
    write_atomically(path, b"old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"tfgan_lab.files.os.{failing}", fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file.txt"]


@pytest.mark.parametrize("write", [write_atomically, append_synced])
def test_a_failed_write_names_its_file(tmp_path, monkeypatch, write):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tfgan_lab.files.os.fsync", fail)
    with pytest.raises(OSError, match="No space left on device: '.*file.txt'$"):
        write(tmp_path / "file.txt", b"new")


def test_appending(tmp_path):
    append_synced(tmp_path / "file.txt", b"one ")
    append_synced(tmp_path / "file.txt", b"two")
    assert (tmp_path / "file.txt").read_bytes() == b"one two"


def test_checksums_are_those_that_sha256sum_reads(tmp_path):
    write_with_sha256(tmp_path / "a b.bin", b"content")
    command = ["sha256sum", "--check", "a b.bin.sha256"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)


def test_json(tmp_path):
    write_json(tmp_path / "x.json", {"ä": [1, None]})
    assert read_json(tmp_path / "x.json") == {"ä": [1, None]}
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "x.json", float("nan"))
    (tmp_path / "x.json").write_bytes(b"\xff{")
    with pytest.raises(ValueError, match="Expected JSON in .*x.json. Received: a damaged file"):
        read_json(tmp_path / "x.json")


def test_only_unfinished_files_are_removed(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / ".log.csv.7.writing").touch()
    (tmp_path / "deep" / "my.writing").touch()
    remove_unfinished(tmp_path)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["my.writing"]


def test_a_folder_is_there_when_it_is_whole(tmp_path):
    folder = tmp_path / "new" / "folder"
    for content in ("one", "two"):
        with folder_written_atomically(folder) as aside:
            assert list(aside.iterdir()) == []
            (aside / content).write_text(content)
            assert not (folder / content).exists()
        assert [path.name for path in folder.iterdir()] == [content]
    assert [path.name for path in folder.parent.iterdir()] == ["folder"]


def test_a_folder_that_fails_leaves_the_former_one(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "old").touch()
    with pytest.raises(KeyboardInterrupt):
        with folder_written_atomically(folder) as aside:
            (aside / "half").touch()
            raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    assert [path.name for path in folder.iterdir()] == ["old"]


def test_what_killed_writers_of_a_folder_left_is_removed_or_put_back(tmp_path):
    (tmp_path / ".folder.4711.filling").mkdir()
    (tmp_path / ".folder.former.filling").mkdir()
    (tmp_path / ".folder.former.filling" / "old").touch()
    (tmp_path / ".other.4711.filling").mkdir()
    with pytest.raises(KeyboardInterrupt):
        with folder_written_atomically(tmp_path / "folder"):
            raise KeyboardInterrupt
    assert {path.name for path in tmp_path.iterdir()} == {"folder", ".other.4711.filling"}
    assert (tmp_path / "folder" / "old").exists()
