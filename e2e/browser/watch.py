"""Watches a page: whatever goes wrong in it, or leaves this machine, fails the test that had it open.

A page is told to break the Content-Security-Policy in one test alone, which shows that the watch sees it.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

# Reports every violation of the policy; the browser itself only writes it to the console.
REPORT_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""
# An answer that is an error is no error of the page; the page's way with it has tests of its own.
EXPECTED = ("Failed to load resource",)


@dataclass
class Watch:
    page: Page
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self.page.add_init_script(REPORT_VIOLATIONS)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(f"exception: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.errors.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.hostname != "127.0.0.1":
            self.foreign.append(request.url)

    def violations(self) -> list[str]:
        if self.page.is_closed() or not self.page.url.startswith("http"):
            return []
        found: list[str] = self.page.evaluate("window.violations ?? []")
        return found

    def check(self) -> None:
        """Raises AssertionError with all that went wrong."""
        assert self.violations() == [], "the page broke its Content-Security-Policy"
        assert self.errors == [], "the page reported errors"
        assert self.foreign == [], "the page asked another host"
