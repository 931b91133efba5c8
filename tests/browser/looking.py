"""What every page must pass when somebody looks at it: no barrier, no overflow, not too heavy."""

import gzip
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).with_name("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A field holding a long value scrolls inside itself, as it should; what only screen readers see is cut on purpose.
WIDER = """() => [...document.querySelectorAll("body, body *")]
  .filter((e) => !e.closest("svg, .sr-only, input, select, textarea, pre, [role=region]"))
  .filter((e) => getComputedStyle(e).display !== "inline" && e.clientWidth > 1)
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).textOverflow !== "ellipsis")
  .map((e) => `${e.tagName}.${e.className} ${e.scrollWidth} > ${e.clientWidth}`)"""


def barriers(page: Page) -> list[str]:
    """axe's violations, one line each. The window is made as tall as the page, so that no bar covers anything."""
    size = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"] if size else 1280, "height": height + 100})
    page.evaluate(f"(() => {{ {AXE} }}).call(window)")
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    if size:
        page.set_viewport_size(size)
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]]


def overflows(page: Page) -> list[str]:
    """Elements wider than the room they have."""
    found: list[str] = page.evaluate(WIDER)
    return found


def weight(page: Page, path: str) -> int:
    """The compressed bytes of a page's HTML, CSS and JavaScript; fonts and pictures apart."""
    links = page.eval_on_selector_all(
        "link[rel=stylesheet], script[src]", "nodes => nodes.map((node) => node.href || node.src)"
    )
    bodies = [page.request.get(address).body() for address in [path, *links]]
    return sum(len(gzip.compress(body, 6)) for body in bodies)
