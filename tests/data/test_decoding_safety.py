import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from PIL import Image

from tests.data.conftest import reason
from tests.data.odd_files import (
    GOOD,
    bad_files,
    encoded,
    photograph,
)
from tfgan_lab.data.decoding import (
    UnusableImageError,
    list_files,
    open_image,
    read_image,
)


def test_limit_of_pixels(save, monkeypatch):
    path = save(photograph(20, 10))
    monkeypatch.setattr("tfgan_lab.data.decoding.MAX_PIXELS", 200)
    assert open_image(path).size == (20, 10)
    monkeypatch.setattr("tfgan_lab.data.decoding.MAX_PIXELS", 199)
    assert reason(path) == "20 x 10 pixels are more than the limit of 0.000199 million"


def test_limit_above_pillows_own_emits_nothing(save, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    for format in ("PNG", "JPEG", "BMP", "GIF"):
        assert open_image(save(photograph(), format)).size == (60, 40)


def test_bombs_take_no_memory(tmp_path):
    bombs = {name: content for name, (content, _) in bad_files().items() if "bomb" in name}
    assert len(bombs) >= 6
    for name, content in bombs.items():
        (tmp_path / name).write_bytes(content)
    script = """
import resource, sys
from tfgan_lab.data.decoding import UnusableImageError, list_files, read_image
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
refused = 0
for path in list_files(sys.argv[1]):
    try:
        read_image(path, 64)
    except UnusableImageError:
        refused += 1
print(refused, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, tmp_path],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert result.stderr == ""
    refused, growth = map(int, result.stdout.split())
    assert refused == len(bombs)
    kilobytes = growth / 1024 if sys.platform == "darwin" else growth
    assert kilobytes < 50_000


def test_many_threads_emit_no_warnings_and_agree(odd_folder, recwarn):
    folder, expected = odd_folder
    good = [folder / name for name, expectation in expected.items() if expectation == GOOD]
    alone = [read_image(path, 8) for path in good]
    found = []

    def read_all():
        found.append([read_image(path, 8) for path in good])

    threads = [threading.Thread(target=read_all) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    for pixels in found:
        np.testing.assert_array_equal(pixels, alone)
    assert not recwarn.list


def test_reasons_of_the_system(tmp_path, save, monkeypatch):
    assert reason(tmp_path / "gone.png") == "no such file"
    assert reason(tmp_path) == "a folder that cannot be looked into"
    assert reason("/dev/null") == "not a regular file"
    path = save(photograph())
    for where, error, expected in [
        ("PIL.Image.Image.resize", MemoryError(), "more pixels than memory can hold"),
        ("builtins.open", PermissionError(13, "No"), "cannot be read: permission denied"),
        ("builtins.open", OSError(5, "Input/output error"), "cannot be read: input/output error"),
    ]:

        def fail(*_, error=error, **__):
            raise error

        monkeypatch.setattr(where, fail)
        assert reason(path) == expected


def test_very_large_file_is_not_read(save):
    path = save(encoded(photograph(), "JPEG"))
    os.truncate(path, 2**30)
    if os.stat(path).st_blocks * 512 > 2**29:
        pytest.skip("this file system has no sparse files")
    assert reason(path) == "1024 MB are more than the limit of 512 MB"


@pytest.mark.parametrize(
    "arguments", [{"image_size": 0}, {"image_size": 8.0}, {"image_size": 8, "channels": 2}]
)
def test_bad_arguments(save, arguments):
    with pytest.raises(ValueError, match=r"Expected .*\. Received: ") as caught:
        read_image(save(photograph()), **arguments)
    assert not isinstance(caught.value, UnusableImageError)


def test_list_files_names_everything_in_the_order_of_bytes(odd_folder, tmp_path):
    folder, expected = odd_folder
    (tmp_path / "link").symlink_to(folder)
    for start in (folder, str(folder), tmp_path / "link"):
        names = [path.relative_to(start).as_posix() for path in list_files(start)]
        assert set(names) == set(expected)
        assert names == sorted(names, key=os.fsencode)


def test_list_files_names_folders_it_may_not_enter(tmp_path, monkeypatch):
    (tmp_path / "locked").mkdir()
    (tmp_path / "a.png").write_bytes(b"")
    scandir = os.scandir

    def refuse(path):
        if path.name == "locked":
            raise PermissionError
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert list_files(tmp_path) == [tmp_path / "a.png", tmp_path / "locked"]


def test_list_files_without_a_folder(tmp_path, save):
    with pytest.raises(FileNotFoundError, match="^Expected a folder of images. Received: .*gone"):
        list_files(tmp_path / "gone")
    with pytest.raises(NotADirectoryError, match="^Expected a folder of images. Received: the f"):
        list_files(save(b"x"))
