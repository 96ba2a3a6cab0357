import os
import stat
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
    with_jpeg_segment,
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


def test_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    thread = threading.Thread(target=lambda: reason(tmp_path / "pipe.png"), daemon=True)
    thread.start()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert reason("/dev/null") == "not a regular file"


def test_reasons_of_the_file_system(tmp_path, save, monkeypatch):
    assert reason(tmp_path / "gone.png") == "no such file"
    assert reason(tmp_path) == "a folder that cannot be looked into"
    path = save(photograph())

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert reason(path) == "cannot be read: permission denied"

    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("builtins.open", fail)
    assert reason(path) == "cannot be read: input/output error"


def test_very_large_file_is_not_read(save):
    path = save(encoded(photograph(), "JPEG"))
    os.truncate(path, 2**30)
    if os.stat(path).st_blocks * 512 > 2**29:
        pytest.skip("this file system has no sparse files")
    assert reason(path) == "1024 MB are more than the limit of 512 MB"


def test_want_of_memory_is_a_reason(save, monkeypatch):
    def starve(*_, **__):
        raise MemoryError

    monkeypatch.setattr(Image.Image, "resize", starve)
    assert reason(save(photograph())) == "more pixels than memory can hold"


def test_settings_of_pillow_are_untouched(odd_folder):
    folder, _ = odd_folder
    before = Image.MAX_IMAGE_PIXELS
    reason(folder / "bomb by header.png")
    read_image(folder / "plain.jpg", 8)
    assert Image.MAX_IMAGE_PIXELS == before


@pytest.mark.parametrize(
    "arguments",
    [
        {"image_size": 0},
        {"image_size": 8.0},
        {"image_size": 8, "channels": 2},
        {"image_size": 8, "channels": 4},
    ],
)
def test_bad_arguments(save, arguments):
    with pytest.raises(ValueError, match=r"Expected .*\. Received: ") as caught:
        read_image(save(photograph()), **arguments)
    assert not isinstance(caught.value, UnusableImageError)


def test_list_files_names_everything_in_the_order_of_bytes(odd_folder):
    folder, expected = odd_folder
    names = [path.relative_to(folder).as_posix() for path in list_files(folder)]
    assert set(names) == set(expected)
    assert names == sorted(names, key=os.fsencode)
    assert [path.relative_to(folder).as_posix() for path in list_files(str(folder))] == names


def test_list_files_of_a_linked_folder(tmp_path):
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "real" / "inner" / "a.png").write_bytes(b"")
    (tmp_path / "link").symlink_to("real")
    assert list_files(tmp_path / "link") == [tmp_path / "link" / "inner" / "a.png"]


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


def test_original_file_is_only_read(save):
    path = save(with_jpeg_segment(encoded(photograph(), "JPEG"), 0xFE, b"a comment"))
    before, mode = path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
    read_image(path, 8)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (before, mode)
