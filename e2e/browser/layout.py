"""How a page lies in its window."""

import time

from playwright.sync_api import Page

# The first picture of a table is drawn before its width is measured.
SETTLED_WITHIN_SECONDS = 10.0


def assert_fits(page: Page) -> None:
    """The page is no wider than its window, once it has come to rest."""
    until = time.monotonic() + SETTLED_WITHIN_SECONDS
    while True:
        wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if wide <= window:
            return
        assert time.monotonic() < until, f"the page is {wide} wide in a window of {window}"
        page.wait_for_timeout(100)
