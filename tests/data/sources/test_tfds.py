"""Without a network: builders over local files."""

import socket

import numpy as np
import pytest
import tensorflow_datasets as tfds
from PIL import Image

from tfgan_lab.data import from_source, from_tfds
from tfgan_lab.data.sources import TfdsSource


def colour(index):
    return np.full((10, 10, 3), 10 * index, np.uint8)


class TinyDishes(tfds.core.GeneratorBasedBuilder):
    """Eight images of two classes in two splits as cycle_gan has them, and two persons."""

    VERSION = tfds.core.Version("1.0.0")
    BUILDER_CONFIGS = [tfds.core.BuilderConfig(name=name) for name in ("classes", "people")]

    def _info(self):
        kinds = {
            "classes": tfds.features.ClassLabel(names=["A", "B"]),
            "people": tfds.features.Text(),
        }
        features = {"image": tfds.features.Image(), "label": kinds[self.builder_config.name]}
        return self.dataset_info_from_configs(features=tfds.features.FeaturesDict(features))

    def _split_generators(self, dl_manager):
        return {"trainA": self._generate_examples("A"), "trainB": self._generate_examples("B"),
                "testA": self._generate_examples("A")}  # fmt: skip

    def _generate_examples(self, label):
        for index in range(4):
            yield index, {"image": colour(index + 10 * (label == "B")), "label": label}


class TinySounds(tfds.core.GeneratorBasedBuilder):
    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        features = tfds.features.FeaturesDict({"pitch": tfds.features.Scalar(np.int64)})
        return self.dataset_info_from_configs(features=features)

    def _split_generators(self, dl_manager):
        return {"train": iter([(0, {"pitch": 1})])}

    def _generate_examples(self):
        yield 0, {"pitch": 1}


class TinyFarAway(TinyDishes):
    BUILDER_CONFIGS = []
    url_infos = {"https://host.invalid/file.zip": None}

    def _info(self):
        features = {"image": tfds.features.Image()}
        return self.dataset_info_from_configs(features=tfds.features.FeaturesDict(features))


@pytest.fixture(autouse=True)
def prepared(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path_factory.getbasetemp() / "tfds"))


def levels(images):
    return sorted((images.images[:, 0, 0, 0] // 10).tolist())


def test_training_splits_with_their_classes():
    images = from_tfds("tiny_dishes/classes", image_size=8)
    assert levels(images) == [0, 1, 2, 3, 10, 11, 12, 13]
    assert images.class_names == ("A", "B") and images.labels.tolist() == [0] * 4 + [1] * 4
    assert len(TfdsSource("tiny_dishes/classes")) == 8
    again = from_tfds("tiny_dishes/classes", image_size=8)
    assert images.fingerprint() == again.fingerprint()  # Two passes are in the same order.


@pytest.mark.parametrize("label", ["B", "1"])
def test_one_class_by_name_or_number(label):
    source = TfdsSource("tiny_dishes/classes", label)
    assert (
        len(source) == 4
        and str(source) == f"tiny_dishes/classes/1.0.0, {label} (a TensorFlow data set)"
    )
    images = from_source(source, image_size=8)
    assert levels(images) == [10, 11, 12, 13] and images.labels is None


def test_one_person_by_text():
    assert levels(from_tfds("tiny_dishes/people", label="B")) == [10, 11, 12, 13]
    everyone = from_tfds("tiny_dishes/people")
    assert everyone.class_names == ("A", "B") and everyone.labels.tolist() == [0] * 4 + [1] * 4
    with pytest.raises(
        ValueError, match="at least 2 usable.*people/1.0.0, C. Received: 0 of 0 exa"
    ):
        from_tfds("tiny_dishes/people", label="C")


def test_splits_by_name():
    assert len(from_tfds("tiny_dishes/classes", split="trainB[:50%]")) == 2
    with pytest.raises(ValueError, match="split of .* out of .*testA.*Received: 'validation'"):
        from_tfds("tiny_dishes/classes", split="validation")


def test_a_local_folder_as_a_builder(tmp_path):
    for split, label, index in [("train", "cat", 1), ("train", "dog", 2), ("test", "dog", 3)]:
        path = tmp_path / split / label / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(colour(index)).save(path)
    images = from_tfds(tfds.ImageFolder(str(tmp_path)), image_size=8)
    assert levels(images) == [1, 2] and sorted(images.names) == ["1.png", "2.png"]
    labels = dict(zip(images.names, images.labels.tolist(), strict=True))
    assert labels == {"1.png": 0, "2.png": 1}


@pytest.mark.parametrize(
    ("name", "label", "message"),
    [
        ("tiny_dishs", "", "such as .*tiny_dishes.* Received: 'tiny_dishs'"),
        ("qqqqqqqq", "", "such as mnist, food101, lfw. Received: 'qqqqqqqq'"),
        ("tiny_dishes/colours", "", "configuration and version.*Received: 'tiny_dishes/colours'"),
        ("tiny_dishes/classes", "C", "one of the 2 classes of .*such as A, B. Received: 'C'"),
        ("tiny_dishes/classes", "2", "one of the 2 classes.*Received: '2'"),
        ("tiny_sounds", "", "a data set with images. Received: tiny_sounds/1.0.0 with pitch"),
        ("tiny_far_away", "", "Received: no network, host.invalid is not found; connect, or copy"),
    ],
)
def test_refuses_in_a_sentence(name, label, message):
    with pytest.raises(ValueError, match=message):
        TfdsSource(name, label)


def test_a_download_that_fails(monkeypatch):
    def fail(self, **_):
        raise ConnectionError("reset by peer\nand more")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [])
    monkeypatch.setattr(TinyFarAway, "download_and_prepare", fail)
    with pytest.raises(
        ValueError, match="download and prepare .*ConnectionError: reset by peer; co"
    ):
        TfdsSource("tiny_far_away")
