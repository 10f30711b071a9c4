"""Finds a chart on a page by its title, as a screen reader does."""

import re

from playwright.sync_api import Locator, Page


def chart(page: Page, title: str) -> Locator:
    """The section of the chart; its title may go on with a note."""
    return page.get_by_role("region", name=re.compile(f"^{title}( |$)"))
