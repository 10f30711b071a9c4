"""axe-core in the page: the rules of WCAG 2.2 AA that a program can check."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "web/node_modules/axe-core/axe.min.js"
RUN = """
async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  return violations.flatMap(({ impact, id, help, nodes }) =>
    nodes.map((node) => `${impact}: ${id}: ${help}: ${node.html.slice(0, 200)}`));
}
"""
# axe's own words; "minor" and "moderate" are advice.
SERIOUS = ("serious", "critical")


def serious_violations(page: Page) -> list[str]:
    """What axe finds serious or critical on the page as it is now."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN)
    return [line for line in found if line.startswith(SERIOUS)]
