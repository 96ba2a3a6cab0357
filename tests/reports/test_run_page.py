import base64
import io
import shutil
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from tests.runs.tiny import tiny
from tfgan_lab.callbacks import NonFiniteError, TrainingInterrupted
from tfgan_lab.data import plates
from tfgan_lab.diagnosis import Verdict
from tfgan_lab.files import write_json
from tfgan_lab.latents import LatentGenerator
from tfgan_lab.networks import transposed_generator
from tfgan_lab.plots import image_grid, png_bytes
from tfgan_lab.reports.figures import FigureFolder
from tfgan_lab.reports.run_page import reported, write_report
from tfgan_lab.reports.sliders import MOST_FRAMES
from tfgan_lab.runs import train
from tfgan_lab.runs.reading.latent_files import write_interpolation
from tfgan_lab.runs.training.directory import RunDirectory


@pytest.fixture
def run_directory(tmp_path):
    session = {"command": ["tfgan-lab", "<b>"], "began": "2030-01-01", "versions": {"keras": "3"}}
    record = {
        "settings": {"preset": "light", "generator_widths": [4, 4], "seed": 0},
        "data": {"num_images": 7, "fingerprint": "0"},
        "sessions": [session],
    }
    write_json(tmp_path / "config.json", record)
    return tmp_path


class _Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.images = []
        self.addresses = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.addresses += [attributes[name] for name in ("src", "href") if name in attributes]
        if tag == "img":
            kind, content = attributes["src"].split(";base64,")
            assert kind in ("data:image/png", "data:image/webp")
            content = base64.b64decode(content)
            with Image.open(io.BytesIO(content)) as image:
                image.load()
            self.images.append(attributes["alt"])


def test_a_run_that_has_just_begun(run_directory):
    page = write_report(run_directory).read_text()
    assert "No epoch is complete yet" in page and _Page(page).images == []
    assert "&lt;b&gt;" in page and "<b>" not in page


def test_shows_the_last_maps_and_those_drawn_on_demand(run_directory):
    (run_directory / "maps").mkdir()
    drawn = "of the checkpoint that was newest when they were asked for"
    for names, captions in [
        (["discriminator"], [drawn]),
        (["epoch_00002", "epoch_00010"], ["after epoch 10", drawn]),
    ]:
        for name in names:
            (run_directory / "maps" / f"{name}.png").write_bytes(png_bytes([[[0, 0, 0]]]))
        page = write_report(run_directory).read_text()
        assert "What the discriminator looks at" in page
        assert _Page(page).images == captions


def test_the_page_holds_everything_in_itself(run_directory):
    (run_directory / "log.csv").write_text(
        "epoch,step,images,seconds,generator_loss\n1,3,12,30.0,0.7\n2,6,24,90.0,0.5\n"
    )
    (run_directory / "snapshots").mkdir()
    black = png_bytes([[[0, 0, 0]]])
    for name in ["untrained", "data", *[f"epoch_{epoch:05d}" for epoch in range(1, 61)]]:
        (run_directory / "snapshots" / f"{name}.png").write_bytes(black)
    figures = FigureFolder(run_directory)
    table = [["step", "report", "ours"], ["10", "28.21", "<i>"]]
    figures.add("fig_01", image_grid([[[[0.0]]]]), "Figure 1: <one> & only.", table)
    figures.write_index()
    text = write_report(run_directory).read_text()
    page = _Page(text)
    assert "2 epochs on 7 images, 24" in text and "1.5 minutes" in text
    assert all(address.startswith("data:") for address in page.addresses)
    assert "@import" not in text.split("</style>")[0] and "url(" not in text.split("</style>")[0]
    snapshots = page.images[:MOST_FRAMES]
    assert snapshots[0] == "before training" and snapshots[-1] == "after epoch 60"
    assert len(set(snapshots)) == MOST_FRAMES
    assert "Images of the data." in page.images and text.count('class="chart"') == 1
    assert "<td>28.21</td>" in text and "<td>&lt;i&gt;</td>" in text
    assert "Figure 1: &lt;one&gt; &amp; only." in text


def test_the_page_is_written_when_training_ends_or_stops(run_directory):
    page = run_directory / "report.html"
    with reported(run_directory):
        pass
    assert page.exists()
    for error in (TrainingInterrupted(), NonFiniteError("nan", has_good_weights=True)):
        page.unlink()
        with pytest.raises(type(error)), reported(run_directory):
            raise error
        assert page.exists()
    page.unlink()
    with pytest.raises(ValueError, match="refused"), reported(run_directory):
        raise ValueError("refused")
    assert not page.exists()


def test_measures_and_what_they_were_taken_with(run_directory):
    write_report(run_directory)
    assert "Measures" not in (run_directory / "report.html").read_text()
    entry = {
        "metric": "kid",
        "value": 0.5,
        "standard_error": None,
        "real_baseline": -0.0123,
        "better": "low",
        "protocol": {"features": "random <b>", "resizer": "area", "estimator": "blocks"},
        "counts": {"real": 345, "fake": 344, "real_baseline": [173, 172]},
        "epoch": 7,
        "generator": "generator.keras",
    }
    last = entry | {"generator": "last_generator.keras", "value": 0.25, "standard_error": 0.031}
    unknown = entry | {"metric": "diversity", "value": None}
    write_json(run_directory / "metrics.json", [entry | {"value": 9.75}, entry, last, unknown])
    page = write_report(run_directory).read_text()
    assert "<td>0.5</td><td></td><td>-0.0123</td>" in page and "9.75" not in page
    assert "<td>kid of the last</td><td>0.25</td><td>0.031</td>" in page
    assert "random &lt;b&gt;" in page and "345, 344" in page and "diversity" not in page


def test_the_released_reading_is_what_the_page_is_of(run_directory):
    entry = {
        "metric": "kid", "standard_error": None, "real_baseline": -0.01, "better": "low",
        "protocol": {"features": "random", "resizer": ""}, "counts": {"real": 9, "fake": 9},
        "generator": "last_generator.keras", "during_training": True,
    }  # fmt: skip
    values = [0.5, 0.125, 0.25]
    write_json(
        run_directory / "metrics.json",
        [entry | {"value": value, "epoch": epoch, "images": 100 * epoch}
         for epoch, value in enumerate(values, start=1)],
    )  # fmt: skip
    (run_directory / "log.csv").write_text("epoch,step,images,seconds\n3,75,300,9.0\n")
    (run_directory / "snapshots").mkdir()
    for name in ("epoch_00003", "released"):
        (run_directory / "snapshots" / f"{name}.png").write_bytes(png_bytes([[[0, 0, 0]]]))
    text = write_report(run_directory).read_text()
    assert (
        "Released: the generator of image 200 of 300, KID 0.125, the lowest of 3 readings." in text
    )
    assert "<td>kid</td><td>0.125</td>" in text and "<td>0.25</td>" not in text
    assert _Page(text).images[:2] == ["after epoch 3", "released"]
    assert "released" in text.split('class="chart"')[1]


def test_the_verdict_stands_on_top(run_directory):
    assert "Nobody has looked yet" in write_report(run_directory).read_text()
    proof = {"signal": "neighbour_ratio", "value": 0.04, "sign": "<", "threshold": 0.5}
    verdict = Verdict(
        "collapse", "All images are <alike>.", "Take &c.", 4000, (proof,), ("blur_x",)
    )
    write_json(run_directory / "verdict.json", {"verdict": verdict.to_dict(), "readings": []})
    page = write_report(run_directory).read_text()
    assert '<div class="verdict failing">' in page and "All images are &lt;alike&gt;." in page
    assert "Since 4,000 training images" in page and "neighbour ratio is 0.04 (&lt; 0.5)" in page
    assert "What to do: Take &amp;c." in page and "Also: blur x." in page
    healthy = Verdict("healthy", "No problems found.").to_dict()
    write_json(run_directory / "verdict.json", {"verdict": healthy, "readings": []})
    assert '<div class="verdict healthy">' in write_report(run_directory).read_text()


def test_the_source_is_gone(tmp_path):
    """A page is written of whatever is still there, and says what is not."""
    folder = tmp_path / "images"
    folder.mkdir()
    for index, image in enumerate(plates(6, image_size=16).images):
        (folder / f"{index}.png").write_bytes(png_bytes(image))
    config = tiny(tmp_path / "run", drawn="", num_drawn=345, data_dir=str(folder))
    train(config, verbose=0)
    page = write_report(config.run_dir).read_text()
    assert "Nearest training images" in page and "of 6 training images" in page
    (folder / "0.png").unlink()
    page = write_report(config.run_dir).read_text()
    assert "Expected the 6 images that the run in" in page
    assert "Nearest training images" not in page
    shutil.rmtree(folder)
    page = write_report(config.run_dir).read_text()
    assert "Expected a folder of images" in page and "Along directions" in page


def test_says_which_images_are_of_an_earlier_generator(run_directory):
    generator = LatentGenerator(transposed_generator(image_size=8, latent_size=4, widths=(4, 4)))
    released, folder = run_directory / "generator.keras", run_directory / "interpolation"
    released.write_bytes(b"no archive, but the page needs its digest alone")
    write_interpolation(generator, np.eye(2, 4, dtype=np.float32), folder, steps=2)
    earlier = "Of an earlier generator than the one that is released now."
    page = write_report(run_directory).read_text()
    assert "From one image to another" in page and earlier not in page
    released.write_bytes(b"trained on")
    assert earlier in write_report(run_directory).read_text()
    write_json(folder / "interpolation.json", {"method": "linear"})  # Of an earlier version.
    assert earlier not in write_report(run_directory).read_text()
    RunDirectory(run_directory).remove_run()
    assert not folder.exists()


def test_the_search_for_images_says_of_which_generator_it_is(run_directory):
    folder, images = run_directory / "inversion", np.zeros((1, 8, 8, 3), np.uint8)
    folder.mkdir()
    (run_directory / "generator.keras").write_bytes(b"trained on")
    np.savez(folder / "latents.npz", targets=images, images=images, kept_images=images[:, None],
             kept_steps=[0])  # fmt: skip
    row = {"name": "a.png", "mean_squared_error": 0.5, "plausibility": 0.5, "steps": 2}
    for mark, told in [({}, False), ({"generator_sha256": "0"}, True)]:
        write_json(folder / "inversion.json", [row | mark])
        page = write_report(run_directory).read_text()
        assert "Your images, searched for" in page
        assert ("They are of an earlier generator" in page) == told


def test_a_page_downloads_nothing(tmp_path, monkeypatch):
    config = tiny(tmp_path, drawn="", num_drawn=345, tfds_name="mnist")
    RunDirectory(tmp_path).open(config, {"num_images": 10, "fingerprint": "0"})
    network = transposed_generator(image_size=16, latent_size=4, widths=(4, 4))
    network.save(tmp_path / "generator.keras")
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "empty"))
    monkeypatch.setattr("tensorflow_datasets.core.DatasetBuilder.download_and_prepare", None)
    page = write_report(tmp_path).read_text()
    assert "be shown: mnist isn&#39;t prepared on this machine." in page
