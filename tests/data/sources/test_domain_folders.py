import json

import numpy as np
import pytest
from PIL import Image

from tfgan_lab.command_line.main import main
from tfgan_lab.data import from_source, inspect_source
from tfgan_lab.data.sources import ArraySource, DomainSource, FolderSource, open_domains


@pytest.fixture
def folders(tmp_path):
    for folder, count in [("photos", 3), ("monet", 2)]:
        (tmp_path / folder).mkdir()
        for index in range(count):
            Image.new("RGB", (12, 9), (index, 0, 0)).save(tmp_path / folder / f"{index}.png")
    (tmp_path / "photos/notes.txt").write_text("no image")
    return tmp_path


def test_a_folder_for_each_domain(folders):
    source = open_domains([folders / "photos", folders / "monet"])
    assert source.class_names == ("photos", "monet") and len(source) == 6
    images = from_source(source, image_size=8)
    assert images.labels.tolist() == [0, 0, 0, 1, 1]
    assert images.names[-1] == "monet/1.png"
    assert [name for name, _ in images.skipped] == ["photos/notes.txt"]
    inspection = inspect_source(source)
    assert inspection.classes == {"monet": 2, "photos": 3}
    assert [problem.path for problem in inspection.skipped] == ["photos/notes.txt"]


def test_a_folder_with_subfolders_is_the_same_but_for_the_order(folders):
    (folders / ".hidden").write_text("left alone")
    source = open_domains([folders])
    assert source.class_names == ("monet", "photos")
    assert [record.label for record in source] == ["monet"] * 2 + ["photos"] * 4


def test_a_labelled_source_is_taken_as_it_is(tmp_path):
    np.savez(tmp_path / "two.npz", images=np.zeros((4, 8, 8), np.uint8), labels=[0, 1, 1, 0])
    images = from_source(open_domains([tmp_path / "two.npz"]), image_size=8)
    assert images.labels.tolist() == [0, 1, 1, 0]


def test_inspect_takes_several_folders(folders, capsys):
    argv = ["inspect", str(folders / "photos"), str(folders / "monet")]
    assert main([*argv, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["classes"] == {"monet": 2, "photos": 3}
    assert main(argv) == 0
    assert "6 files: 5 can be used as images, 1 cannot" in capsys.readouterr().out


def test_faults(folders):
    (folders / "empty").mkdir()
    with pytest.raises(ValueError, match="Expected images in every domain. Received: none in .*em"):
        open_domains([folders / "photos", folders / "empty"])
    with pytest.raises(ValueError, match="Expected images in every domain. Received: none in .*em"):
        open_domains([folders])
    with pytest.raises(ValueError, match="names of their own. Received: monet, monet"):
        open_domains([folders / "monet", folders / "monet"])
    with pytest.raises(ValueError, match="with 0 subfolders and 2 files"):
        open_domains([folders / "monet"])
    with pytest.raises(FileNotFoundError, match="nowhere, not there"):
        open_domains([folders / "monet", folders / "nowhere"])
    with pytest.raises(ValueError, match="Expected two domains or more. Received: 1"):
        DomainSource([FolderSource(folders / "monet")])
    array = ArraySource(np.zeros((2, 8, 8), np.uint8))
    assert DomainSource([FolderSource(folders / "monet"), array]).noun == "image"
