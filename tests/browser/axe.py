"""axe-core over an open page: what it finds of serious or critical impact."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_SOURCE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async (contrast) => {
  const found = await axe.run(document, {
    resultTypes: ["violations"],
    rules: {"color-contrast": {enabled: contrast}},
    runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
  });
  return found.violations
    .filter(one => one.impact === "serious" || one.impact === "critical")
    .map(one => ({
      rule: one.id, help: one.help, where: one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)),
    }));
}"""


@cache
def _source() -> str:
    return _SOURCE.read_text(encoding="utf-8")


def serious(page: Page, *, contrast: bool = True) -> list[str]:
    """One line for each rule that is broken, with the first places; nothing of the page is changed.

    ``contrast``: the one rule that takes as long as all others together; accessibility.js judges it too.
    """
    page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(_RUN, contrast)
    return [f"{one['rule']} ({one['help']}): {'; '.join(one['where'])}" for one in found]
