"""The page of a run in a real browser: nothing is missing, sliders slide, curves answer."""

import numpy as np
import pytest

import tfgan_lab as tgl
from tests.reports.browser import opened
from tfgan_lab.callbacks.generator_release import release_generator
from tfgan_lab.plots import png_bytes, tile_images
from tfgan_lab.reports import write_comparison, write_report
from tfgan_lab.runs import RunConfig
from tfgan_lab.runs.reading.latent_files import write_inversion
from tfgan_lab.runs.training.directory import RunDirectory
from tfgan_lab.runs.training.run_images import load_images


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """The page of a run with all that a page can show, made without training."""
    run = tmp_path_factory.mktemp("run")
    config = RunConfig.from_preset(
        "from-scratch", drawn="plates", num_drawn=30, image_size=32, run_dir=str(run)
    )
    images = load_images(config)
    described = {"num_images": len(images), "fingerprint": images.fingerprint()}
    RunDirectory(run).open(config, described)
    rows = [f"{epoch},{4 * epoch},{16 * epoch},{epoch}.5,{1 / epoch},{epoch / 40},,1e{-epoch % 7}"
            for epoch in range(1, 41)]  # fmt: skip
    head = "epoch,step,images,seconds,generator_loss,discriminator_loss,r1_penalty,"
    (run / "log.csv").write_text("\n".join([head + "generator_gradient_norm", *rows, ""]))
    generator = tgl.networks.residual_generator(image_size=32, latent_size=8, widths=(8, 8, 8, 8))
    release_generator(generator, run / "generator.keras")
    (run / "snapshots").mkdir()
    for name, shade in [("untrained", -1), ("epoch_00020", 0), ("epoch_00040", 1)]:
        grid = tile_images(np.full((24, 32, 32, 3), shade, "float32"))
        (run / "snapshots" / f"{name}.png").write_bytes(png_bytes(grid))
    found = tgl.latents.invert(generator, images.images[:2], steps=4, bank=8, starts=1)
    write_inversion(found, ["one.png", "two.png"], run / "inversion")
    return write_report(run)


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_complains_of_nothing(page_file, width, scheme):
    with opened(page_file.as_uri(), width, scheme) as (page, complaints):
        page.locator(".bk-Canvas, canvas").first.wait_for()
        assert complaints == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 22, 24)"}[scheme]
        broken = (
            "[...document.images].filter(image => image.complete && !image.naturalWidth).length"
        )
        assert page.evaluate(broken) == 0


def test_sliders_show_one_image_each(page_file):
    with opened(page_file.as_uri()) as (page, complaints):
        for name, frames, first in [("time-lapse", 3, "after epoch 40"),
                                    ("directions", 9, "+0.00"),
                                    ("inversion", 4, "found")]:  # fmt: skip
            slider = page.locator(f"#{name}")
            shown = slider.locator("img:visible")
            assert slider.locator("img").count() == frames
            assert shown.count() == 1 and shown.get_attribute("alt") == first
            slider.locator("input").press("Home")
            assert shown.count() == 1 and shown.get_attribute("alt") != first
            assert slider.locator("output").inner_text() == shown.get_attribute("alt")
        assert complaints == []


def test_the_time_lapse_plays_to_its_end(page_file):
    with opened(page_file.as_uri()) as (page, complaints):
        slider = page.locator("#time-lapse")
        slider.locator("button").click()
        assert slider.locator("output").inner_text() == "before training"
        slider.locator("button", has_text="Play").wait_for()
        assert slider.locator("output").inner_text() == "after epoch 40"
        assert complaints == []


def under_the_pointer(page) -> dict:
    """What the first chart says of the values in its middle."""
    chart = page.locator(".chart").first
    chart.scroll_into_view_if_needed()
    page.locator("canvas").first.wait_for()
    page.wait_for_timeout(500)
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 90)
    tip = page.locator(".bk-tooltip-content").first
    tip.wait_for()
    return dict(line.split(":\t") for line in tip.inner_text().splitlines())


def test_curves_answer_the_pointer(page_file):
    with opened(page_file.as_uri()) as (page, complaints):
        said = under_the_pointer(page)
        epoch = int(said["epoch"])
        assert 15 <= epoch <= 25 and said["generator"] == f"{1 / epoch:.4f}"
        assert complaints == []


@pytest.fixture(scope="module")
def comparison_file(tmp_path_factory):
    """The page of two runs, one logged twice as often as the other."""
    folder = tmp_path_factory.mktemp("runs")
    for name, every in [("often", 1), ("seldom", 2)]:
        run = folder / name
        config = RunConfig.from_preset("light", drawn="plates", num_drawn=30, run_dir=str(run))
        RunDirectory(run).open(config, {"num_images": 30, "fingerprint": "same"})
        rows = [f"{epoch},{epoch},{100 * epoch},1.0,{epoch / 100}"
                for epoch in range(every, 41, every)]  # fmt: skip
        (run / "log.csv").write_text(
            "\n".join(["epoch,step,images,seconds,generator_loss", *rows, ""])
        )
    return write_comparison([folder / "often", folder / "seldom"], folder / "comparison")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_curves_of_several_runs_answer_together(comparison_file, scheme):
    with opened(comparison_file.as_uri(), 390, scheme) as (page, complaints):
        said = under_the_pointer(page)
        images = int(said["training images"].replace(",", ""))
        assert 1500 <= images <= 2500
        # The other run's value between its own epochs lies between theirs.
        assert said["often"] == said["seldom"] == f"{images / 10000:.4f}"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert complaints == []
