import io
import json
import zipfile

import h5py
import keras
import numpy as np
import pytest

from tfgan_lab import networks
from tfgan_lab.model_files import read_model, weights
from tfgan_lab.model_files import safe_reading as reading
from tfgan_lab.model_files.array_sizes import check_sizes


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A small generator in a file, and the parts of that file."""
    path = tmp_path_factory.mktemp("model") / "generator.keras"
    network = networks.upsampling_generator(image_size=8, latent_size=4, widths=(4, 4))
    network.save(path)
    with zipfile.ZipFile(path) as archive:
        return network, {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def written(saved, tmp_path):
    """Writes the file with another configuration, or other parts."""

    def write(config=None, **parts):
        _, own = saved
        own = own | {name.replace("__", "."): part for name, part in parts.items()}
        if config is not None:
            own["config.json"] = json.dumps(config).encode()
        path = tmp_path / "given.keras"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in own.items():
                archive.writestr(name, content)
        return path

    return write


def config_of(saved):
    return json.loads(saved[1]["config.json"])


def layer(config, name):
    (found,) = (each for each in config["config"]["layers"] if each["class_name"] == name)
    return found


def refused(path, message):
    with pytest.raises(ValueError, match=f"^Expected a .keras file .*{message}"):
        read_model(path)


def test_the_models_own_file_is_read_to_the_bit(saved, written):
    latents = np.ones((2, 4), np.float32)
    again = read_model(written())
    np.testing.assert_array_equal(saved[0].predict(latents, verbose=0),
                                  again.predict(latents, verbose=0))  # fmt: skip


def conditional(method, **settings):
    room = 3 if method == "concatenation" else 0
    plain = networks.upsampling_generator(image_size=8, latent_size=4 + room, widths=(4, 4))
    return networks.conditional_generator(plain, 3, method=method, **settings)


def judge(method):
    plain = networks.convolutional_discriminator(image_size=8, widths=(4,))
    return networks.conditional_discriminator(plain, 3, method=method)


RESIDUAL = {"image_size": 16, "widths": (4, 4, 4)}
TRANSLATORS = {"width": 2, "num_blocks": 1, "num_halvings": 1}


@pytest.mark.parametrize(
    "build",
    [
        lambda: networks.residual_generator(latent_size=4, **RESIDUAL),
        lambda: networks.dcgan_generator(image_size=16, latent_size=4, widths=(4, 4)),
        lambda: networks.residual_discriminator(
            spectral_norm=True, minibatch_stddev=True, **RESIDUAL
        ),
        lambda: networks.residual_translator(**TRANSLATORS),
        lambda: networks.domain_translator(vector_size=3, **TRANSLATORS),
        lambda: conditional("concatenation"),
        lambda: conditional("concatenation", label_size=3),
        lambda: conditional("batch_norm"),
        lambda: judge("concatenation"),
        lambda: judge("projection"),
        lambda: judge("classifier"),
        lambda: keras.applications.MobileNetV2((32, 32, 3), alpha=0.35, weights=None, classes=2),
    ],
)
def test_networks_of_all_kinds_are_let_through(build, tmp_path):
    network = build()
    network.save(tmp_path / "network.keras")
    again = read_model(tmp_path / "network.keras")
    for ours, theirs in zip(network.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("units", [2**20, 2**27])
def test_weights_that_the_file_does_not_have_are_refused(units, written):
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    config = json.loads(network.to_json())
    config["config"]["layers"][1]["config"]["units"] = units
    refused(written(config), f"one of {20 * units:,}")


def hdf5(fill):
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        fill(file)
    return content.getvalue()


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        (
            lambda file: file.create_dataset("x", (2**30,), "f4", chunks=(2**20,), fillvalue=1.0),
            "weights of .* bytes. Received: packed ones, or more",
        ),
        (
            lambda file: file.create_dataset("x", data=np.zeros(10**6), compression="gzip"),
            "packed ones, or more",
        ),
        (
            lambda file: file.__setitem__("x", h5py.ExternalLink("/etc/passwd", "y")),
            "no links to elsewhere. Received: 'x'",
        ),
        (
            lambda file: file.create_dataset("x", (4,), "i1", external=[("/etc/hostname", 0, 4)]),
            "Received: some that lie elsewhere",
        ),
    ],
)
def test_weights_are_no_more_than_their_bytes_and_lie_in_the_file(fill, message, written):
    refused(written(model__weights__h5=hdf5(fill) + bytes(100)), message)


@pytest.mark.parametrize("content", [b"", b"no weights", bytes(range(256)) * 40])
def test_weights_that_are_none_are_refused(content, written):
    refused(written(model__weights__h5=content), "Received: a damaged file")


def test_a_reader_of_weights_that_dies_is_told(written, monkeypatch, tmp_path):
    dies = tmp_path / "dies.py"
    dies.write_text("import os; os.abort()")
    monkeypatch.setattr(weights, "__file__", str(dies))
    refused(written(), "Received: their reader died of them")


def test_memory_is_limited_beyond_what_is_taken_where_that_is_possible(monkeypatch):
    limits = []
    monkeypatch.setattr("resource.setrlimit", lambda kind, limit: limits.append(limit))
    weights._limit_memory(1000)
    with open("/proc/self/status") as file:
        (kilobytes,) = (int(line.split()[1]) for line in file if line.startswith("VmSize"))
    assert limits[0][0] == limits[0][1] == pytest.approx(1024 * kilobytes + 1000, rel=0.05)

    def refuses(kind, limit):
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr("resource.setrlimit", refuses)
    weights._limit_memory(1000)


def test_a_file_of_another_kind_is_refused_before_keras_sees_it(written, tmp_path):
    path = tmp_path / "weights.h5"
    path.write_bytes(hdf5(lambda file: None) + written().read_bytes())
    assert zipfile.is_zipfile(path)
    refused(path, "a file that ends in '.h5'")


def test_a_layer_of_terabytes_is_refused(written):
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    config = json.loads(network.to_json())
    config["config"]["layers"][1]["config"]["units"] = 10**12
    refused(written(config), "values from a layer. Received: dense.* of shape .None, 1000000000000")


def test_a_image_of_terabytes_is_refused(saved, written):
    config = config_of(saved)
    layer(config, "UpSampling2D")["config"]["size"] = [2**15, 2**15]
    refused(written(config), "values from a layer. Received: up_sampling2d")


def test_checking_sizes_makes_nothing_and_leaves_nothing_behind():
    config = {
        "module": "keras", "class_name": "Sequential", "config": {"name": "large", "layers": [
            {"module": "keras.layers", "class_name": "InputLayer",
             "config": {"batch_shape": [None, 10**6]}},
            {"module": "keras.layers", "class_name": "Dense", "config": {"units": 10**5}},
        ]},
    }  # fmt: skip
    with pytest.raises(ValueError, match="Received: one of 400,000,400,000"):
        check_sizes(config, stored_bytes=1000)
    # Were they still waiting for their values, they would get them here.
    with keras.StatelessScope():
        pass
    check_sizes(config, stored_bytes=400_000_400_000)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ({"module": "keras.layers", "class_name": "Lambda", "config": {}}, "keras.layers.Lambda"),
        ({"module": "keras.layers", "class_name": "TFSMLayer",
          "config": {"filepath": "/etc"}}, "TFSMLayer"),
        ({"module": "keras.layers", "class_name": "TextVectorization",
          "config": {"vocabulary": "/etc/passwd"}}, "TextVectorization"),
        ({"module": "os", "class_name": "system", "config": {}}, "os.system"),
        ({"module": "keras.utils", "class_name": "get_file", "config": {}}, "keras.utils.get_file"),
        ({"module": "keras.utils", "class_name": "function", "config": "get_file"}, "function"),
        ({"class_name": "__lambda__", "config": {"value": "x"}}, "None.__lambda__"),
        ({"module": "tensorflow", "class_name": "__typespec__", "config": []}, "__typespec__"),
        ({"class_name": "Dense", "config": {"units": 1}}, "None.Dense"),
        ({"module": "mine", "class_name": "Mine", "config": {}, "registered_name": "mine>Mine"},
         "mine>Mine"),
        ({"module": ["keras"], "class_name": {}, "config": {}}, "keras"),
    ],
)  # fmt: skip
def test_what_is_no_layer_of_ours_is_named_and_refused(part, name, saved, written):
    config = config_of(saved)
    layer(config, "Dense")["config"]["bias_regularizer"] = part
    refused(written(config), f"Expected layers of image networks. Received: .*{name}")


def test_deep_and_damaged_configurations(saved, written, tmp_path):
    refused(written(config__json=b"[" * 200_000), "can't be used: ")
    deep = b'{"class_name":"Sequential","config":' * 20_000 + b"1" + b"}" * 20_000
    refused(written(config__json=deep), "can't be used: ")
    refused(written(config__json=b"\xff\xfe{"), "can't be used: ")
    refused(written(config={"module": "keras"}), "can't be used: ")
    refused(written(config__json=b" " * 2**25), "bytes of configuration")
    refused(written(model__weights__h5=b"no HDF5"), "can't be used: ")
    (tmp_path / "text.keras").write_text("no zip")
    refused(tmp_path / "text.keras", "a damaged file")
    refused(tmp_path / "missing.keras", "no such file")


def test_an_archive_with_too_much_too_little_or_twice(saved, tmp_path, monkeypatch):
    path = tmp_path / "odd.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
    refused(path, "Expected model.weights.h5 in the archive")
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        for _ in range(2):
            archive.writestr("config.json", "{}")
    refused(path, "every name in the archive once")
    monkeypatch.setattr(reading, "MOST_BYTES", 2**20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", saved[1]["config.json"])
        archive.writestr("model.weights.h5", bytes(2**21))
    assert path.stat().st_size < 2**14
    refused(path, "bytes, unpacked")


@pytest.mark.parametrize("name", ["../../evil", "/tmp/evil", "a" * 300, "assets/vocabulary"])
def test_further_files_are_refused_and_not_unpacked(name, written):
    refused(written(**{name: b"evil"}), f"a model and no more. Received: a file '{name[:60]}")
