"""A real browser without a network, that notes every complaint of a page."""

import contextlib
import shutil

import pytest


@contextlib.contextmanager
def opened(address, width=1200, scheme="light"):
    """Opens a page in headless Chromium.

    Skips the test where there is no playwright or no Chromium.

    Args:
        address: of the page.
        width: int, of the window, in pixels.
        scheme: ``"light"`` or ``"dark"``, what the reader prefers.

    Yields:
        playwright's page, and a list that gets whatever the console complains of and every
        request for something outside of the page.
    """
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        try:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        except api.Error:
            pytest.skip("there is no Chromium: python -m playwright install chromium")
        with browser:
            page = browser.new_page(
                viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB"
            )
            complaints = []
            page.on(
                "console",
                lambda said: (
                    complaints.append(said.text) if said.type in ("error", "warning") else None
                ),
            )
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "request",
                lambda asked: (
                    complaints.append(asked.url)
                    if not asked.url.startswith((address, "data:", "blob:"))
                    else None
                ),
            )
            page.goto(address)
            yield page, complaints
