"""Chromium for the tests of the page: the system's, without a window. If it is missing, the tests are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Every rule that axe knows for the levels A and AA of WCAG 2.0 to 2.2.
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser; skips the test if the browser, or what drives it, is missing."""
    driver = pytest.importorskip(
        "playwright.sync_api", reason="the page is not tested in a browser: pip install 'detector[browser]'"
    )
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"the page is not tested in a browser: none of {', '.join(NAMES)} is installed")
    # The browser refuses to use its sandbox as root.
    unsandboxed = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--disable-gpu", *unsandboxed])
        yield browser
        browser.close()


class Tab:
    """A page in a tab of its own, and all that it did unasked: requests, dialogs, messages on the console."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page = self.context.new_page()
        self.unasked: list[str] = []
        self.page.on("console", lambda message: self.unasked.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.unasked.append(f"error: {error}"))
        self.page.on("request", lambda request: self.unasked.append(f"request: {request.url[:200]}"))
        self.page.on("popup", lambda popup: self.unasked.append(f"popup: {popup.url[:200]}"))
        self.page.on("dialog", self._dialog)
        self.page.goto(path.as_uri())
        assert self.unasked.pop(0) == f"request: {path.as_uri()}"

    def _dialog(self, dialog: Any) -> None:
        self.unasked.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def text(self, selector: str) -> str:
        """What a reader sees of the first such element."""
        return str(self.page.locator(selector).first.inner_text())

    def shows(self, selector: str, text: str) -> None:
        """Waits until that element has this text."""
        from playwright.sync_api import expect

        expect(self.page.locator(selector)).to_have_text(text)

    def count(self, selector: str) -> int:
        """How many such elements a reader sees."""
        return int(self.page.locator(selector).locator("visible=true").count())

    def too_wide(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def violations(self) -> list[str]:
        """The violations of levels A and AA that axe finds, each with the elements in question."""
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        found = axe.run(self.page, options={"runOnly": LEVELS}).response["violations"]
        return [f"{rule['id']}: {[node['html'][:200] for node in rule['nodes'][:3]]}" for rule in found]
