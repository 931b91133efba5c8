"""What every page must pass when somebody looks at it: no barrier, no overflow, not too heavy."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).with_name("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A colour still changing into the other scheme has the contrast of neither, and one that has arrived may set off
# what inherits it. Only the lines leave the browser: all that axe says of what is well takes seconds to carry over.
VIOLATIONS = """async (rules) => {
  const frame = () => new Promise(requestAnimationFrame);
  const changing = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
  const patience = performance.now() + 2000;
  await frame();
  do {
    await Promise.all(changing().map((one) => one.finished.catch(() => 0)));
    await frame();
  } while (changing().length && performance.now() < patience);
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 120)}`));
}"""
# A field holding a long value scrolls inside itself, as it should; what only screen readers see is cut on purpose.
WIDER = """() => [...document.querySelectorAll("body, body *")]
  .filter((e) => !e.closest("svg, .sr-only, input, select, textarea, pre, [role=region]"))
  .filter((e) => getComputedStyle(e).display !== "inline" && e.clientWidth > 1)
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).textOverflow !== "ellipsis")
  .map((e) => `${e.tagName}.${e.className} ${e.scrollWidth} > ${e.clientWidth} (${e.textContent.trim().slice(0, 40)})`)
  .concat(document.scrollingElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : [])"""
_weights: dict[str, int] = {}


@contextmanager
def whole(page: Page) -> Iterator[None]:
    """Meanwhile the window is as tall as the page, so that no bar covers anything."""
    size = page.viewport_size or {"width": 1280, "height": 800}
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": height + 100})
    yield
    page.set_viewport_size(size)


def barriers(page: Page) -> list[str]:
    """axe's violations on the whole page, one line each."""
    with whole(page):
        return violations(page)


def violations(page: Page) -> list[str]:
    """axe's violations in this window and colour scheme, once the colours have settled."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"(() => {{ {AXE} }}).call(window)")
    found: list[str] = page.evaluate(VIOLATIONS, RULES)
    return found


def overflows(page: Page) -> list[str]:
    """Elements wider than the room they have."""
    found: list[str] = page.evaluate(WIDER)
    return found


def weight(page: Page, html: bytes) -> int:
    """The compressed bytes of a page's HTML, CSS and JavaScript; fonts and pictures apart."""
    links = page.eval_on_selector_all(
        "link[rel=stylesheet], script[src]", "nodes => nodes.map((node) => node.href || node.src)"
    )
    return _compressed(html) + sum(_weight_of(page, address) for address in links)


def _weight_of(page: Page, address: str) -> int:
    """Many pages share a file, and it weighs the same on each of them."""
    if address not in _weights:
        _weights[address] = _compressed(page.request.get(address).body())
    return _weights[address]


def _compressed(body: bytes) -> int:
    return len(gzip.compress(body, 6))
