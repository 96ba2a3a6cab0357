"""The explorer's page in a real browser, served over loopback."""

import gc
import socket
import sys

import pytest
from PIL import Image

import tfgan_lab as tgl
from tests.reports.browser import opened
from tfgan_lab.command_line.main import main
from tfgan_lab.explorer import Explorer, build_page, serve
from tfgan_lab.latents import LatentGenerator

pytestmark = [
    # Of Gradio and what it brings along, not of anything here.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def address():
    pytest.importorskip("gradio", reason="the extra 'explore' is not installed")
    network = tgl.networks.transposed_generator(image_size=16, latent_size=6, widths=(8, 8))
    page = build_page(Explorer(LatentGenerator(network), num_directions=2), title="a <b> run")
    yield serve(page, block=False)
    page.close()
    # It leaves sockets and a loop open, of which later tests would be warned.
    gc.collect()


def changed(page, what, before):
    page.wait_for_function(f"before => document.querySelector('{what} img').src !== before",
                           arg=before)  # fmt: skip


def move(slider, value):
    """As a finger would: the value changes while it is held."""
    slider.evaluate(
        "(slider, value) => { slider.value = value;"
        " slider.dispatchEvent(new Event('input', {bubbles: true})); }",
        value,
    )


def test_sliders_and_draws_change_the_image(address):
    with opened(address) as (page, complaints):
        image = page.locator("#image img")
        image.wait_for()
        first = image.get_attribute("src")
        move(page.get_by_label("range slider for Direction 2"), 2.5)
        changed(page, "#image", first)
        page.get_by_role("button", name="All directions back to 0").click()
        changed(page, "#image", image.get_attribute("src"))
        assert image.get_attribute("src") == first
        page.get_by_role("button", name="Another draw").click()
        changed(page, "#image", first)
        with page.expect_download() as saved:
            page.locator("#image").get_by_text("Save PNG").click()
        with Image.open(saved.value.path()) as shown:
            assert shown.size == (16, 16)
        assert complaints == []


def test_samples_and_the_way_between_two_points(address):
    with opened(address, width=390) as (page, complaints):
        page.locator("#image img").wait_for()
        page.get_by_role("button", name="24 draws").click()
        page.locator("#samples img").wait_for()
        page.get_by_role("button", name="Keep as A").click()
        page.locator("#kept-A img").wait_for()
        src = page.locator("#image img").get_attribute("src")
        page.get_by_role("button", name="Another draw").click()
        changed(page, "#image", src)
        page.get_by_role("button", name="Keep as B").click()
        page.locator("#kept-B img").wait_for()
        page.get_by_role("tab", name="Between").click()
        page.locator("#way img").wait_for()
        middle = page.locator("#middle img").get_attribute("src")
        move(page.get_by_label("range slider for From A to B"), 0)
        changed(page, "#middle", middle)
        at_start = page.locator("#middle img").get_attribute("src")
        assert at_start == page.locator("#kept-A img").get_attribute("src")
        assert complaints == []


def test_a_image_is_searched_for_and_what_is_none_is_said(address, tmp_path):
    (tmp_path / "notes.png").write_text("no image")
    Image.new("RGB", (30, 20), (200, 100, 50)).save(tmp_path / "a.png")
    with opened(address) as (page, _):
        page.get_by_role("tab", name="Your image").click()
        page.locator("input[type=file]").set_input_files(tmp_path / "notes.png")
        said = "Expected an image. Received: notes.png, not an image"
        page.get_by_text(said).first.wait_for()
        page.get_by_label("Clear").first.click()
        page.locator("input[type=file]").set_input_files(tmp_path / "a.png")
        page.locator("#found").get_by_text("mean squared error").wait_for(timeout=60_000)
        before = page.locator("#image img").get_attribute("src")
        page.get_by_role("button", name="Continue from there").click()
        changed(page, "#image", before)


def test_nobody_else_can_reach_it(address):
    port = int(address.rstrip("/").rsplit(":", 1)[1])
    assert address.startswith("http://127.0.0.1:")
    # Any other address of this machine, if it has one.
    others = {each[4][0] for each in socket.getaddrinfo(socket.gethostname(), None)}
    for other in others - {"127.0.0.1", "::1"}:
        with socket.socket(socket.AF_INET6 if ":" in other else socket.AF_INET) as asking:
            asking.settimeout(1)
            assert asking.connect_ex((other, port)) != 0 or other.startswith("127.")


def test_without_gradio(tmp_path, monkeypatch, capsys):
    path = tmp_path / "generator.keras"
    tgl.networks.transposed_generator(image_size=8, latent_size=4, widths=(4, 4)).save(path)
    monkeypatch.setitem(sys.modules, "gradio", None)
    assert main(["explore", str(path)]) == 2
    assert "pip install 'tfgan_lab[explore]'" in capsys.readouterr().err
    assert main(["explore", str(tmp_path / "nothing")]) == 2
    assert "Expected a released generator at" in capsys.readouterr().err
