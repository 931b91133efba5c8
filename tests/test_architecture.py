"""The house rules that no linter knows: budgets, words, imports."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("marketplace", "campaigns", "creators", "payments")
BANNED_NAMES = {"utils", "helpers", "common", "misc", "base", "managers", "mixins", "constants"}
FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES, KIT_LINES = 300, 40, 80, 120


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def names(paths: Iterator[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


OUR_FILES = [*names(sources(*APPS, "tests", "benchmarks")), "manage.py"]
PRODUCT_FILES = names(sources(*APPS))
TEMPLATES = names(iter(sorted((ROOT / "templates").rglob("*.html"))))


@pytest.mark.parametrize("name", OUR_FILES)
def test_a_file_stays_within_its_budget(name: str) -> None:
    lines = (ROOT / name).read_text().count("\n")

    assert lines <= (KIT_LINES if name.startswith("marketplace/kit/") else FILE_LINES)


@pytest.mark.parametrize("name", OUR_FILES)
def test_functions_are_short_and_import_nothing(name: str) -> None:
    too_long, inner_imports = [], []
    for node in ast.walk(ast.parse((ROOT / name).read_text())):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES:
            too_long.append(node.name)
        inner_imports += [node.name for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]

    assert too_long == []
    assert inner_imports == []


@pytest.mark.parametrize("name", PRODUCT_FILES)
def test_no_module_has_a_name_that_says_nothing(name: str) -> None:
    assert Path(name).stem not in BANNED_NAMES


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_short_and_says_what_it_needs(name: str) -> None:
    text = (ROOT / name).read_text()

    assert text.count("\n") <= TEMPLATE_LINES
    assert "{#" in text or "{% comment %}" in text


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_holds_no_inline_style_or_script(name: str) -> None:
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", (ROOT / name).read_text(), flags=re.S)

    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)(?![^>]*application/json)", text)


def test_the_bank_does_not_know_what_it_is_paid_for() -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for path in sources("payments")
        if re.search(r"campaign|\boffer\b|collaboration", path.read_text(), re.I)
    ]

    assert guilty == []


EDGES = [name for name in PRODUCT_FILES if re.search(r"/(views|api)(/|\.py)", name)]
# What narrows a queryset to what somebody may see; the rest of the edge has no business with whole tables.
NARROWS = {"visible_to", "owned_by", "joined_by", "run_by", "listed", "open", "none", "for_accounts"}
OPEN_DATA = {"Niche", "Town"}
NARROWED_ELSEWHERE = {
    "campaigns/api/inputs.py",  # ByPublicId asks visible_to of every row that a body names
    "campaigns/views/frame.py",  # asks what oneself is
    "campaigns/views/prefill.py",  # is handed a business that one manages
    "campaigns/views/prices.py",  # is handed a campaign and a creator that one may see
    "campaigns/views/shortlist.py",  # the matches of a campaign that was found with visible_to
    "campaigns/views/reviews.py",  # what is published is everybody's; the work was found with visible_to
    "campaigns/views/rows.py",  # is handed rows, and joins what their templates read
    "creators/views/public.py",  # the posts of a creator who was found with visible_to
}


def _reads(name: str) -> Iterator[tuple[str, set[str]]]:
    """Each use of a model's rows in a file: the model, and the calls that are chained to it."""
    tree = ast.parse((ROOT / name).read_text())
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name):
            verbs: set[str] = set()
            here: ast.AST = node
            while isinstance(up := above[here], ast.Attribute) or (isinstance(up, ast.Call) and up.func is here):
                verbs |= {up.attr} if isinstance(up, ast.Attribute) else set()
                here = up
            yield node.value.id, verbs
        elif isinstance(node, ast.Call) and re.match(r"get_object_or_404\([A-Z]\w*,", ast.unparse(node)):
            yield ast.unparse(node.args[0]), set()


@pytest.mark.parametrize("name", [name for name in EDGES if name not in NARROWED_ELSEWHERE])
def test_the_edge_reads_only_what_the_person_may_see(name: str) -> None:
    whole = [(model, sorted(verbs)) for model, verbs in _reads(name) if model not in OPEN_DATA and not verbs & NARROWS]

    assert whole == []


@pytest.mark.parametrize("name", names(sources("campaigns", "creators", "marketplace")))
def test_a_row_is_held_without_its_key(name: str) -> None:
    """A plain lock also stops rows that point to it from being written, and two of those wait for each other."""
    assert re.findall(r"select_for_update\((?!no_key=True).*", (ROOT / name).read_text()) == []


def test_nobody_says_escrow() -> None:
    spoken = [*sources(*APPS), *(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]

    assert [str(path) for path in spoken if "escrow" in path.read_text().lower()] == []


def test_model_signals_are_not_used() -> None:
    hidden = re.compile(r"\b(post_save|pre_save|post_delete|pre_delete|m2m_changed)\b")

    assert [str(path) for path in sources(*APPS) if hidden.search(path.read_text())] == []


@pytest.mark.parametrize("name", PRODUCT_FILES)
def test_a_function_is_named_by_its_verb(name: str) -> None:
    vague = re.compile(r"^_?(handle|process|manage|do)_")
    found = [
        node.name
        for node in ast.walk(ast.parse((ROOT / name).read_text()))
        if isinstance(node, ast.FunctionDef) and vague.match(node.name)
    ]

    assert [f for f in found if f != "process_exception"] == []
