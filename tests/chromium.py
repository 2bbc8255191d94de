"""The browser of tests: Debian's chromium, driven by playwright. Without it, tests that need it skip and say so."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
    "--use-fake-ui-for-media-stream",
]


def needed() -> None:
    """Skip the tests of a module where there is no browser."""
    pytest.importorskip("playwright.async_api", reason="playwright is not installed (extra: dev)")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium", allow_module_level=True)


@asynccontextmanager
async def open_chromium() -> AsyncIterator[Any]:
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()
