"""What the documents say must be so."""

import re
from pathlib import Path

import pytest

from marketplace.management.commands.draw_states import drawn

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_drawn_life_cycles_are_those_of_the_tables() -> None:
    assert (ROOT / "docs" / "states.md").read_text() == drawn()


@pytest.mark.parametrize("page", DOCS, ids=lambda p: p.name)
def test_a_link_between_documents_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda p: p.name)
def test_a_decision_page_is_short_and_complete(page: Path) -> None:
    text = page.read_text()

    assert 150 <= len(text.split()) <= 400
    assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences", "Enforced by"))
