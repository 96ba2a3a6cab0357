import keras
import numpy as np
import pytest
from PIL import Image

from tests.models.translators import batches, make_cyclegan, unpaired
from tfgan_lab.callbacks import Diagnosis, TensorBoardLog, TranslationSnapshots, translation_rows
from tfgan_lab.diagnosis import TranslationSignals
from tfgan_lab.files import read_json
from tfgan_lab.models.translating import translate_to


@pytest.fixture
def domains():
    return list(np.random.default_rng(1).uniform(-1, 1, (2, 9, 16, 16, 3)).astype(np.float32))


def test_a_row_is_the_image_its_translations_and_the_way_back(domains):
    generator = make_cyclegan().generator
    rows = translation_rows(generator, domains[1][:2], source=1).reshape(2, 4, 16, 16, 3)
    to_a = translate_to(generator, domains[1][:2], 0)
    expected = [domains[1][:2], to_a, translate_to(generator, domains[1][:2], 1),
                translate_to(generator, to_a, 1)]  # fmt: skip
    np.testing.assert_array_equal(rows, np.stack(expected, axis=1))


def test_files_at_their_epochs_and_readings_beside_them(tmp_path, domains):
    model = make_cyclegan()
    snapshots = TranslationSnapshots(tmp_path, domains, every=2, num_rows=2)
    diagnosis = Diagnosis(tmp_path, every_images=4, signals=TranslationSignals(domains))
    events = TensorBoardLog(tmp_path, snapshots, diagnosis)
    model.fit(
        batches(unpaired, 0, 2), epochs=3, verbose=0, callbacks=[snapshots, diagnosis, events]
    )
    names = sorted(path.name for path in (tmp_path / "snapshots").iterdir())
    assert names == ["data.png", "epoch_00002.png", "epoch_00003.png", "untrained.png"]
    grid = np.asarray(Image.open(tmp_path / "snapshots/epoch_00003.png"))
    assert grid.shape == (4 * 18 + 2, 4 * 18 + 2, 3) and snapshots.latest[0] == 3
    assert (grid != np.asarray(Image.open(tmp_path / "snapshots/untrained.png"))).any()
    with Image.open(tmp_path / "snapshots/data.png") as data:
        assert data.size == (8 * 18 + 2, 2 * 18 + 2)
    readings = read_json(tmp_path / "verdict.json")["readings"]
    assert [reading["images"] for reading in readings] == [4, 8, 12]
    assert {"cycle_error", "identity_error", "change"} < readings[0].keys()


def test_a_diagnosis_of_translators_stops_by_its_own_table(tmp_path, domains):
    model = make_cyclegan(compiled=False)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0))
    for weight in model.generator.weights:
        weight.assign(0 * weight)  # Grey, whatever goes in.
    diagnosis = Diagnosis(
        tmp_path, every_images=2, on_failure="stop", signals=TranslationSignals(domains)
    )
    history = model.fit(batches(unpaired, 0, 1), epochs=9, verbose=0, callbacks=[diagnosis])
    assert diagnosis.verdict.name == "collapse"
    assert len(history.epoch) == 2  # What its table asks for.
