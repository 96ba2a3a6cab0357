"""What pages are made of: charts, sliders, samples."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

import tfgan_lab as tgl
from tfgan_lab.files import write_json
from tfgan_lab.latents import LatentGenerator
from tfgan_lab.plots import png_bytes
from tfgan_lab.reports.charts import MOST_POINTS, curves_chart, embed_charts
from tfgan_lab.reports.embedded import webp_uri
from tfgan_lab.reports.figures import read_figures
from tfgan_lab.reports.samples import nearest_training, take_samples
from tfgan_lab.reports.sliders import direction_strips, inversion_steps, time_lapse
from tfgan_lab.reports.training_curves import (
    compared_charts,
    log_charts,
    metric_charts,
    reading_charts,
)


def decoded(uri):
    with Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))) as image:
        return np.asarray(image)


def residual():
    return LatentGenerator(
        tgl.networks.residual_generator(image_size=16, latent_size=4, widths=(4, 4, 4))
    )


@pytest.mark.parametrize("name", ["../secret.png", "SECRET", "sub/secret.png", ".."])
def test_a_page_shows_no_image_from_elsewhere(name, tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(png_bytes(np.zeros((4, 4, 3), np.uint8)))
    (tmp_path / "figures" / "sub").mkdir(parents=True)
    for path in (tmp_path / "figures/own.png", tmp_path / "figures/sub/secret.png"):
        path.write_bytes(secret.read_bytes())
    entries = [{"file": each, "caption": each} for each in (name, "own.png")]
    write_json(tmp_path / "figures/index.json", [
        entry | {"file": entry["file"].replace("SECRET", str(secret))} for entry in entries
    ])  # fmt: skip
    assert [figure["caption"] for figure in read_figures(tmp_path)] == ["own.png"]


def test_long_curves_are_means_of_neighbours():
    values = np.arange(2.0 * MOST_POINTS)
    values[0] = np.nan
    chart = curves_chart("losses", ("epoch", np.arange(len(values))), {"a_loss": values})
    held = chart.renderers[0].data_source.data
    assert len(held["epoch"]) == MOST_POINTS
    assert held["a_loss"][:3].tolist() == [1.0, 2.5, 4.5]  # The first group has one value only.


def test_columns_of_other_lengths_are_refused():
    with pytest.raises(ValueError, match="Expected columns of 2 values each.*Received: .3."):
        curves_chart("losses", ("epoch", [1, 2]), {"loss": [1, 2, 3]})
    with pytest.raises(ValueError, match="Received: none"):
        curves_chart("losses", ("epoch", [1, 2]), {})


def test_a_page_without_charts_carries_no_library():
    assert embed_charts([]) == ("", "", [])
    embedded = embed_charts([curves_chart("a", ("epoch", [1]), {"b": [2]})])
    assert len(embedded.parts) == 1 and 500_000 < len(embedded.resources) < 1_500_000
    assert "src=" not in embedded.resources.split(">")[0]


def test_every_logged_value_is_in_one_chart():
    log = {name: np.array([1.0, 2.0]) for name in ("epoch", "images", "seconds", "step")}
    log |= {"g_loss": np.array([1.0, 2.0]), "real_logits": np.array([1.0, np.nan])}
    log |= {"g_gradient_norm": np.array([0.0, 1.0]), "d_gradient_norm": np.array([1.0, 1.0])}
    log |= {"r1_penalty": np.array([1.0, 1.0]), "real_sign": np.array([1.0, 1.0])}
    log |= {"never": np.array([np.nan, np.nan])}
    charts = log_charts(log)
    columns = [set(chart.renderers[0].data_source.data) - {"epoch"} for chart in charts]
    assert columns == [
        {"g_loss"}, {"real_logits"}, {"g_gradient_norm", "d_gradient_norm"}, {"r1_penalty"},
        {"real_sign"},
    ]  # fmt: skip
    # Logarithms only where there are no zeros.
    assert type(charts[2].y_scale).__name__ == "LinearScale"
    log["g_gradient_norm"][0] = 0.5
    assert type(log_charts(log)[2].y_scale).__name__ == "LogScale"
    assert log_charts({}) == [] and log_charts({"epoch": np.array([])}) == []


def test_courses_of_measures_and_readings():
    entry = {"value": 1.0, "images": 100, "real_baseline": 0.25}
    best = entry | {"images": 200, "value": 0.5}
    (chart,) = metric_charts({"kid": [entry, best], "fid": [entry]}, best)
    assert chart.renderers[0].data_source.data["kid"].tolist() == [1.0, 0.5]
    assert chart.renderers[0].data_source.data["real against real"].tolist() == [0.25] * 2
    star = chart.renderers[-1]
    assert (star.glyph.marker, *star.data_source.data["x"], *star.data_source.data["y"]) == (
        "star", 200, 0.5
    )  # fmt: skip
    readings = [{"images": 100, "coverage": 0.5}, {"images": 200, "coverage": 0.7, "real_right": 1}]
    variety, right = reading_charts(readings)
    assert variety.renderers[0].data_source.data["coverage"].tolist() == [0.5, 0.7]
    assert np.isnan(right.renderers[0].data_source.data["real_right"][0])
    assert reading_charts(readings[:1]) == []


def test_webp_keeps_colours_and_takes_grey():
    image = tgl.data.plates(2, image_size=32).images[0]
    assert np.abs(decoded(webp_uri(image)).astype(int) - image).mean() < 6
    assert decoded(webp_uri(np.ones((4, 6, 1), "float32"))).shape == (4, 6, 3)


def test_a_copy_is_found_mirrored_or_not():
    reals = tgl.data.plates(40, image_size=32, batch_size=4).images / 127.5 - 1
    reals = reals.astype("float32")
    fakes = np.concatenate([reals[7:8, :, ::-1], reals[3:4], reals[20:22][::-1] * 0.3])
    near = nearest_training(fakes, reals, mirrored=False, count=2)
    np.testing.assert_array_equal(near.reals[0], reals[3])
    assert near.ratios[0] == 0 and near.ratios[1] > 0.05
    near = nearest_training(fakes, reals, mirrored=True, count=3)
    assert near.ratios[:2].tolist() == [0, 0] and near.ratios[2] > 0.3
    assert (near.num_fakes, near.num_reals) == (4, 40)
    np.testing.assert_array_equal(near.fakes[:2], near.reals[:2])


def test_samples_of_a_run():
    reals, fakes, nearest = take_samples(residual(), tgl.data.plates(10, image_size=16))
    assert reals.shape == (10, 16, 16, 3) and fakes.shape == (24, 16, 16, 3)
    assert nearest.num_fakes == 200 and (np.diff(nearest.ratios) >= 0).all()


def test_strips_start_at_the_draws_themselves():
    slider = direction_strips(residual(), num_directions=9, rows=2, steps=3)
    assert [label for _, label in slider.frames] == ["-3.00", "+0.00", "+3.00"]
    middle, end = decoded(slider.frames[1][0]), decoded(slider.frames[2][0])
    assert middle.shape == (2 * 18 + 2, 4 * 18 + 2, 3)  # The latents have four values only.
    first, second = middle[2:18, 2:18], middle[2:18, 20:36]
    assert np.abs(first.astype(int) - second).mean() < 3
    assert np.abs(end.astype(int) - middle).mean() > 3


def test_no_strips_where_no_dense_layer_takes_the_latents():
    import keras

    network = keras.Sequential(
        [keras.Input((4,)), keras.layers.Reshape((1, 1, 4)), keras.layers.Conv2DTranspose(3, 8)]
    )
    assert direction_strips(LatentGenerator(network)) is None


def test_larger_snapshots_mean_fewer_of_them(tmp_path, monkeypatch):
    assert time_lapse(tmp_path) is None
    (tmp_path / "snapshots").mkdir()
    noise = np.random.default_rng(0).integers(0, 256, (60, 40, 3)).astype(np.uint8)
    for epoch in range(1, 12):
        (tmp_path / "snapshots" / f"epoch_{epoch:05d}.png").write_bytes(png_bytes(noise))
    assert len(time_lapse(tmp_path).frames) == 11
    monkeypatch.setattr("tfgan_lab.reports.sliders.MOST_BYTES", 4.5 * len(webp_uri(noise)))
    labels = [label for _, label in time_lapse(tmp_path).frames]
    assert len(labels) == 4 and (labels[0], labels[-1]) == ("after epoch 1", "after epoch 11")


def test_latents_of_other_origin_have_no_steps(tmp_path):
    assert inversion_steps(tmp_path) is None
    np.savez(tmp_path / "latents.npz", latents=np.zeros((2, 4)))
    assert inversion_steps(tmp_path) is None


class ByClass:
    """Fakes that say which class was asked for."""

    conditional, num_classes = True, 2

    def __init__(self):
        self.latents, self.asked = tgl.latents.Normal(4), None

    def generate(self, latents, labels):
        self.asked = np.asarray(labels)
        return np.random.default_rng(0).uniform(-1, 1, (len(latents), 16, 16, 3)).astype("float32")


def test_samples_are_of_all_classes_though_images_lie_in_their_order():
    arrays = np.random.default_rng(1).integers(0, 256, (420, 16, 16, 3), np.uint8)
    labels = np.repeat([0, 1], 210)
    images = tgl.data.from_arrays(arrays, labels=labels, image_size=16)
    generator = ByClass()
    take_samples(generator, images)
    shares = np.bincount(generator.asked, minlength=2) / len(generator.asked)
    assert shares.min() > 0.35 and len(set(generator.asked[:12])) == 2


def test_duplicates_do_not_hide_how_near_copies_are():
    rng = np.random.default_rng(2)
    reals = rng.uniform(-1, 1, (8, 16, 16, 3)).astype(np.float32)
    many = np.concatenate([reals, reals[:6]])
    assert np.isfinite(nearest_training(reals[:2], many).ratios).all()
    assert np.isnan(nearest_training(reals[:2], np.repeat(reals[:1], 4, axis=0)).typical)


def test_charts_of_runs_that_have_only_begun_and_their_own_names():
    logs = {"lr_1": {"images": np.array([8, 16]), "kid": np.array([0.5, 0.2])},
            "lr 1": {"images": np.array([8]), "kid": np.array([0.3])},
            "new": {"images": np.array([]), "kid": np.array([])}}  # fmt: skip
    (chart,) = compared_charts(logs, ["kid"])
    assert [item.label.value for item in chart.legend[0].items] == ["lr_1", "lr 1"]
