import dataclasses
import json
import re

import pytest
from PIL import Image

from tests.data.odd_files import encoded, photograph, png_chunk
from tfgan_lab.data.findings import printable
from tfgan_lab.data.inspection import ImageFile, Inspection, Problem, inspect_source
from tfgan_lab.data.sources import FolderSource


def image(path, width=64, height=64, pixels=None, mode="RGB"):
    return ImageFile(path, width, height, mode, "PNG", 100, pixels or path)


def inspection(usable, skipped=(), image_size=64):
    return Inspection("images", image_size, tuple(usable), tuple(skipped))


def test_facts_of_a_file(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(photograph(600, 400), "JPEG", exif=exif)
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats" / "a.png").write_bytes(content)
    (file,) = inspect_source(tmp_path, image_size=16).usable
    assert dataclasses.astuple(file)[:6] == ("cats/a.png", 400, 600, "RGB", "JPEG", len(content))


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
    assert inspect_source(tmp_path).duplicates == (("a.png", "b.png", "c.png", "d.bmp"),)


def test_vanished_file_is_a_problem(tmp_path):
    (tmp_path / "gone.png").write_bytes(b"")
    source = FolderSource(tmp_path)
    (tmp_path / "gone.png").unlink()
    assert inspect_source(source).skipped == (Problem("gone.png", "no such file"),)


def test_sizes_and_counts():
    files = [image("cats/1", 64, 128), image("cats/black/2", 96, 96, mode="L"),
             image("dogs/1", 900, 63), image("x", 63, 63, mode="1")]  # fmt: skip
    found = inspection(files)
    assert found.sizes["width"] == {"min": 63, "median": 80, "max": 900}
    assert found.sizes["height"] == {"min": 63, "median": 79.5, "max": 128}
    assert found.sizes["aspect_ratio"] == {"min": 0.5, "median": 1, "max": 900 / 63}
    assert [file.path for file in found.small] == ["dogs/1", "x"]
    assert found.modes == {"RGB": 2, "L": 1, "1": 1} and found.formats == {"PNG": 4}
    assert found.classes == {"": 1, "cats": 2, "dogs": 1}
    text = said(files)
    assert "Formats: 4 PNG Modes: 2 RGB, 1 L, 1 1 Folders (classes, if training is told so)" in text
    assert "1 in no folder, 2 cats" in text


def test_odd_names_and_every_skipped_file_are_printable(odd_folder):
    found = inspect_source(odd_folder[0])
    plain = json.loads(json.dumps(found.to_dict(), ensure_ascii=False).encode())
    assert r"caf\xe9.png" in {file["path"] for file in plain["usable"]}
    assert {"path": "empty.jpg", "reason": "empty file"} in plain["skipped"]
    lines = found.describe().encode().decode().splitlines()
    for problem in found.skipped:
        assert f"  {problem.path}: {problem.reason}" in lines
    assert any(line.startswith(r"  two\nlines.png = ") or r" = two\nlines.png" in line
               for line in lines)  # fmt: skip


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
    files = [image(f"{index}") for index in range(count)]
    assert re.search(words, said(files))
    if count > 1:  # Copies make a set no larger.
        assert re.search(words, said([*files, *(image("copy", pixels="0") for _ in range(400))]))


def test_an_empty_folder(tmp_path):
    found = inspect_source(str(tmp_path))
    assert found.describe().startswith(f"{tmp_path} holds no files.\n\nTraining would refuse")
    assert found.sizes == {}


def test_printable():
    assert printable("tab\t, line\n, escape\x1b[31m, \udcff\u202e.jpg") == (
        r"tab\t, line\n, escape\x1b[31m, \xff\u202e.jpg"
    )
    assert printable("übergröße 面 1.jpg") == "übergröße 面 1.jpg"


def test_refuses(tmp_path):
    with pytest.raises(ValueError, match="Expected image_size of at least 1.*image_size=0"):
        inspect_source(tmp_path, image_size=0)
    with pytest.raises(FileNotFoundError):
        inspect_source(tmp_path / "gone")
