"""Checkboxes of long lists: what is chosen stands first, what is rare is folded, nothing is lost."""

from __future__ import annotations

from django import forms

from marketplace.kit.chips import LONG, ChipsBoundField, ChipsField

SUBJECTS = [(f"s{n}", f"Subject {n}") for n in range(8)] + [(f"f{n}", f"Subject 3 › Finer {n}") for n in range(8)]
LANGUAGES = [(f"l{n}", f"Language {n}") for n in range(20)]


class Choosing(forms.Form):
    """A short list, a long one, and one with finer subjects."""

    short = ChipsField(choices=SUBJECTS[:LONG], required=False)
    languages = ChipsField(choices=LANGUAGES, common=("l5", "l6"), required=False)
    niches = ChipsField(choices=SUBJECTS, required=False)


def field(form: forms.Form, name: str) -> ChipsBoundField:
    bound = form[name]
    assert isinstance(bound, ChipsBoundField)
    return bound


def values(boxes: object) -> list[str]:
    return [box.data["value"] for box in boxes]  # type: ignore[attr-defined]


def test_a_short_list_is_shown_whole() -> None:
    short = field(Choosing(), "short")

    assert len(short.at_once) == LONG
    assert short.folds == []


def test_of_a_long_list_the_chosen_and_the_common_are_seen_first() -> None:
    languages = field(Choosing(initial={"languages": ["l19"]}), "languages")

    assert values(languages.at_once) == ["l19", "l5", "l6"]
    assert [(name, len(boxes)) for name, boxes in languages.folds] == [("More", 17)]


def test_finer_subjects_are_folded_under_their_broad_one_by_their_own_name() -> None:
    niches = field(Choosing(), "niches")

    folds = {name: [box.choice_label for box in boxes] for name, boxes in niches.folds}
    assert niches.at_once == []
    assert list(folds) == [f"Subject {n}" for n in range(8)]
    assert folds["Subject 3"] == ["Subject 3", *(f"Finer {n}" for n in range(8))]
    assert folds["Subject 4"] == ["Subject 4"]


def test_a_chosen_finer_subject_stands_on_top_with_its_whole_name() -> None:
    niches = field(Choosing({"niches": ["f2"]}), "niches")

    assert niches.at_once[0].choice_label == "Subject 3 › Finer 2"
    assert "checked" in str(niches.at_once[0])
    assert len(dict(niches.folds)["Subject 3"]) == 8


def test_every_box_is_on_the_page_once() -> None:
    niches = field(Choosing({"niches": ["f2", "s1"]}), "niches")

    shown = values(niches.at_once) + [value for _name, boxes in niches.folds for value in values(boxes)]

    assert sorted(shown) == sorted(value for value, _word in SUBJECTS)
