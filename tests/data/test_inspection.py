import dataclasses
import hashlib
import json
import os
import re
import threading
import time

import pytest
from PIL import Image

from tests.data.odd_files import GOOD, encoded, photograph, png_chunk, write_odd_files
from tfgan_lab.data.inspection import (
    ImageFile,
    Inspection,
    Problem,
    inspect_folder,
    printable,
)


def image(path, width=64, height=64, pixels=None, mode="RGB"):
    return ImageFile(path, width, height, mode, "PNG", 100, "0" * 64, pixels or path)


def inspection(usable, skipped=(), image_size=64):
    return Inspection("images", image_size, tuple(usable), tuple(skipped))


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    expected = write_odd_files(folder)
    return folder, expected, inspect_folder(folder, image_size=32)


def test_every_odd_file_is_on_the_right_list(odd):
    _, expected, found = odd
    usable = {file.path for file in found.usable}
    assert usable == {name for name, expectation in expected.items() if expectation == GOOD}
    for problem in found.skipped:
        assert re.search(expected[problem.path], problem.reason), problem
    assert len(found.usable) + len(found.skipped) == len(expected)


def test_order_and_number_of_threads_change_nothing(odd):
    folder, _, found = odd
    assert inspect_folder(str(folder), image_size=32, num_workers=1) == found
    paths = [file.path for file in found.usable]
    assert paths == sorted(paths, key=os.fsencode)


def test_facts_of_a_file(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(photograph(600, 400), "JPEG", exif=exif)
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats" / "a.png").write_bytes(content)
    (file,) = inspect_folder(tmp_path, image_size=16).usable
    assert dataclasses.astuple(file)[:7] == (
        "cats/a.png",
        400,
        600,
        "RGB",
        "JPEG",
        len(content),
        hashlib.sha256(content).hexdigest(),
    )


def test_duplicates_by_bytes_and_by_pixels(tmp_path):
    png = encoded(photograph(), "PNG")
    (tmp_path / "a.png").write_bytes(png)
    (tmp_path / "b.png").write_bytes(png)
    (tmp_path / "c.png").write_bytes(png[:-12] + png_chunk(b"tEXt", b"Title\0c") + png[-12:])
    (tmp_path / "d.bmp").write_bytes(encoded(photograph(), "BMP"))
    (tmp_path / "e.png").write_bytes(encoded(photograph().transpose(0), "PNG"))
    red_and_blue = Image.new("P", (60, 40))
    for name, colour in (("f.png", (255, 0, 0)), ("g.png", (0, 0, 255))):
        red_and_blue.putpalette(colour)
        (tmp_path / name).write_bytes(encoded(red_and_blue, "PNG"))
    assert inspect_folder(tmp_path).duplicates == (("a.png", "b.png", "c.png", "d.bmp"),)


def test_progress_comes_in_order_and_in_this_thread(odd):
    folder, expected, _ = odd
    calls = []
    inspect_folder(folder, progress=lambda *call: calls.append((*call, threading.current_thread())))
    total = len(expected)
    assert calls == [(n, total, threading.current_thread()) for n in range(1, total + 1)]


def test_interruption_does_not_wait_for_the_rest(tmp_path, monkeypatch):
    for index in range(50):
        (tmp_path / f"{index:02d}.png").write_bytes(b"")
    inspected = []

    def inspect_record(record, **_):
        inspected.append(record)
        time.sleep(0.02)
        return Problem(record.name, "empty file"), None

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("tfgan_lab.data.inspection._inspect_record", inspect_record)
    with pytest.raises(KeyboardInterrupt):
        inspect_folder(tmp_path, num_workers=1, progress=interrupt)
    assert len(inspected) < 25


def test_vanished_file_is_a_problem(tmp_path, monkeypatch):
    listed = "tfgan_lab.data.sources.folder.list_files"
    monkeypatch.setattr(listed, lambda root: [root / "gone.png"])
    assert inspect_folder(tmp_path).skipped == (Problem("gone.png", "no such file"),)


def test_failure_beyond_decoding_is_a_problem(tmp_path, monkeypatch):
    def fail(*_):
        raise ValueError("bad palette")

    (tmp_path / "a.png").write_bytes(encoded(photograph(), "PNG"))
    monkeypatch.setattr("tfgan_lab.data.inspection.fit_square", fail)
    assert inspect_folder(tmp_path).skipped == (Problem("a.png", "damaged: bad palette"),)


def test_sizes():
    found = inspection([image("a", 10, 20), image("b", 30, 30), image("c", 100, 50)])
    assert found.sizes == {
        "width": {"min": 10, "median": 30, "max": 100},
        "height": {"min": 20, "median": 30, "max": 50},
        "aspect_ratio": {"min": 0.5, "median": 1, "max": 2},
    }
    assert inspection([]).sizes == {}


def test_small_compares_the_shorter_side():
    files = [image("a", 64, 64), image("b", 63, 900), image("c", 900, 63)]
    assert [file.path for file in inspection(files).small] == ["b", "c"]


def test_counts_by_mode_format_and_class():
    files = [image("cats/1"), image("cats/black/2", mode="L"), image("dogs/1"), image("x")]
    found = inspection(files)
    assert found.modes == {"RGB": 3, "L": 1}
    assert found.formats == {"PNG": 4}
    assert found.classes == {"": 1, "cats": 2, "dogs": 1}


def test_to_dict_can_be_written_as_utf_8(odd):
    _, expected, found = odd
    plain = json.loads(json.dumps(found.to_dict(), ensure_ascii=False).encode())
    assert plain["image_size"] == 32
    assert len(plain["usable"]) + len(plain["skipped"]) == len(expected)
    assert r"caf\xe9.png" in {file["path"] for file in plain["usable"]}
    assert {"path": "empty.jpg", "reason": "empty file"} in plain["skipped"]
    assert set(plain) == {
        *("folder", "image_size", "usable", "skipped", "duplicates"),
        *("small", "modes", "formats", "sizes", "classes"),
    }


def test_describe_names_every_skipped_file(odd):
    _, _, found = odd
    text = found.describe()
    text.encode()
    lines = text.splitlines()
    for problem in found.skipped:
        assert f"  {problem.path}: {problem.reason}" in lines
    assert f"Cannot be used ({len(found.skipped)}):" in lines
    assert r"two\nlines.png = " in text


def test_describe_cuts_other_long_lists():
    files = [image(f"{index:02d}", 8, 8, pixels=f"{index // 2}") for index in range(60)]
    lines = inspection(files, [Problem(f"p{index}", "empty file") for index in range(60)])
    lines = lines.describe().splitlines()
    assert sum(line.endswith(": empty file") for line in lines) == 60
    assert sum(line.endswith(": 8 x 8") for line in lines) == 20
    assert sum(" = " in line for line in lines) == 20
    assert "  and 40 more" in lines and "  and 10 more" in lines


def said(*arguments):
    """The text with its line breaks undone."""
    return " ".join(inspection(*arguments).describe().split())


def test_describe_a_faultless_folder():
    text = said([image(f"{index}", 128, 64) for index in range(300)])
    assert text.startswith(
        "images holds 300 files: 300 can be used as images, 0 cannot. None is there twice. "
        "None is smaller than 64 pixels. Width: 128 to 128 pixels, median 128"
    )
    assert text.endswith(
        "Training would use 300 images: the central square of each (50% of it on average), "
        "resized to 64 x 64."
    )


def test_describe_what_training_would_do_with_a_faulty_one():
    files = [image(f"{index}") for index in range(400)]
    files += [image("copy", pixels="0"), image("tiny", 8, 8), image("grey", mode="L")]
    text = said(files, [Problem("notes.txt", "not an image")])
    assert "would use 403 images: each, resized to 64 x 64." in text
    assert "1 file would be left out." in text
    assert "1 image would be enlarged" in text
    assert "1 duplicate would count" in text
    assert "All become 8-bit RGB" in text
    assert "Caution" not in text


@pytest.mark.parametrize(
    "count, words",
    [
        (0, "Training would refuse: it needs at least 2 images .* there are none"),
        (1, "Training would refuse: it needs at least 2 images .* there is one"),
        (2, "Caution: with only 2 different images"),
        (99, "Caution: with only 99 different images"),
        (100, "Caution: with 100 different images, expect little variety"),
        (299, "Caution: with 299 different images, expect little variety"),
    ],
)
def test_describe_warns_of_small_sets(count, words):
    assert re.search(words, said([image(f"{index}") for index in range(count)]))


def test_duplicates_do_not_make_a_set_larger():
    text = said([image(f"{index}", pixels=f"{index % 50}") for index in range(400)])
    assert "Caution: with only 50 different images" in text


def test_describe_an_empty_folder(tmp_path):
    text = inspect_folder(tmp_path).describe()
    assert text.startswith(f"{tmp_path} holds no files.\n\nTraining would refuse")


def test_printable():
    assert printable("tab\t, line\n, escape\x1b[31m, \udcff\u202e.jpg") == (
        r"tab\t, line\n, escape\x1b[31m, \xff\u202e.jpg"
    )
    assert printable("übergröße 面 1.jpg") == "übergröße 面 1.jpg"


@pytest.mark.parametrize("name", ["image_size", "max_pixels", "num_workers"])
def test_bad_arguments(tmp_path, name):
    with pytest.raises(ValueError, match=f"Expected {name} of at least 1. Received: {name}=0"):
        inspect_folder(tmp_path, **{name: 0})


def test_missing_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        inspect_folder(tmp_path / "gone")


def test_describe_counts_by_folder_and_mode():
    text = said([image("cats/1"), image("cats/2", mode="1"), image("x")])
    assert "Formats: 3 PNG Modes: 2 RGB, 1 1 Folders (classes, if training is told so): " in text
    assert "1 in no folder, 2 cats" in text
