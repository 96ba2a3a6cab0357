import itertools

import numpy as np
import pytest

from tests.data.odd_files import GOOD
from tfgan_lab.data import convert, from_folder, inspect_source
from tfgan_lab.data.sources import ArraySource, ProgressSource, Record, Source, records
from tfgan_lab.data.usable_images import UsableImages


def test_training_inspection_and_conversion_use_and_refuse_the_same(odd_folder, tmp_path):
    folder, expected = odd_folder
    images = from_folder(folder, image_size=16)
    found = inspect_source(folder, image_size=16)
    converted = convert(folder, tmp_path / "shards", image_size=16)
    assert set(images.names) == {name for name, what in expected.items() if what == GOOD}
    assert images.names == tuple(file.path for file in found.usable)
    assert converted["num_images"] == len(images) >= 30
    assert len(images.names) + len(images.skipped) == len(expected)
    assert [reason for _, reason in images.skipped] == [each.reason for each in found.skipped]
    assert [reason for _, reason in images.skipped] == [each[1] for each in converted["left_out"]]


def test_the_number_of_threads_changes_nothing(odd_folder, monkeypatch):
    found = inspect_source(odd_folder[0])
    monkeypatch.setattr(records, "usable_cores", lambda: 1)
    assert inspect_source(odd_folder[0]) == found


class Endless(Source):
    """Tells how many records were asked for."""

    asked = 0

    def __init__(self):
        super().__init__("endless")

    def __len__(self):
        return 2**60

    def __iter__(self):
        for self.asked in itertools.count(1):
            yield Record(str(self.asked), np.full((4, 4), self.asked % 256, np.uint8))


def test_records_are_asked_for_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(records, "usable_cores", lambda: 2)
    source = Endless()
    images = iter(UsableImages(source, lambda record, image: image.getpixel((0, 0))))
    for number, (record, value) in zip(range(1, 11), images, strict=False):
        assert (record.name, value) == (str(number), number)
    assert source.asked <= 11 + 2 * 4 + 2
    images.close()


def test_an_interruption_does_not_wait_for_the_rest():
    def interrupt(done, total):
        if done == 5:
            raise KeyboardInterrupt

    source = Endless()
    with pytest.raises(KeyboardInterrupt):
        inspect_source(ProgressSource(source, interrupt))
    assert source.asked == 5


def test_what_is_raised_on_the_way_is_a_reason():
    def make(record, image):
        if record.name == "00001":
            raise ValueError("bad palette")
        return image.size

    usable = UsableImages(ArraySource(np.zeros((3, 4, 6), np.uint8)), make)
    assert [made for _, made in usable] == [(6, 4)] * 2
    assert usable.skipped == [("00001", "damaged: bad palette")]
    assert usable.names == ["00000", "00002"] and usable.classes() == (None, ())
