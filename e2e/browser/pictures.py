"""Photographs of the views, for people to look at: test-results/screenshots/NAME.png.

`scripts/screenshots` copies the chosen ones to docs/screenshots, from where the README shows them.
"""

from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "test-results/screenshots"


def take(page: Page, name: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    # Fonts and charts come late; a picture without them shows what no user sees.
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(400)
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
