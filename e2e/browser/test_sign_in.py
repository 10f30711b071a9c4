"""The door."""

import re

from playwright.sync_api import expect

from e2e.browser import server
from e2e.browser.conftest import OpenPage


def test_the_first_page_asks_who_one_is_and_then_shows_what_was_asked_for(open_page: OpenPage) -> None:
    page = open_page("/nodes?q=web", signed_in=False)
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_label("Email").fill(server.EMAIL)
    page.get_by_label("Password", exact=True).fill("wrong horse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(server.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/nodes\?q=web"))
