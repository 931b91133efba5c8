"""Several of a list, as checkboxes that a thumb can bear: what is chosen stands first, long lists are folded."""

from collections.abc import Collection
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

LONG = 12
UNDER = " › "  # Between a broad subject and a finer one in a label.


class ChipsBoundField(forms.BoundField):
    """The boxes in two parts: those to see at once, and folds to open."""

    common: Collection[str] = ()

    @cached_property
    def at_once(self) -> list[BoundWidget]:
        """What is chosen; of a long list then only what is common."""
        boxes = self._boxes
        if len(boxes) <= LONG:
            return boxes
        chosen = [box for box in boxes if box.data["selected"]]
        return chosen + [box for box in boxes if box not in chosen and str(box.data["value"]) in self.common]

    @cached_property
    def folds(self) -> list[tuple[str, list[BoundWidget]]]:
        """The rest: each subject with its finer ones, or all that is left as one."""
        seen = self.at_once
        rest = [box for box in self._boxes if box not in seen]
        if not self._has_finer:
            return [(_("More"), rest)] if rest else []
        return [(name, [_short(box) for box in boxes]) for name, boxes in groupby(rest, key=_subject)]

    @cached_property
    def _boxes(self) -> list[BoundWidget]:
        return sorted(self, key=lambda box: str(box.choice_label)) if self._has_finer else list(self)

    @cached_property
    def _has_finer(self) -> bool:
        return any(UNDER in str(box.choice_label) for box in self)


class ChipsField(forms.MultipleChoiceField):
    """Several of a list. ``common`` are the values of a long list that most people want."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, common: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.common = common

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> ChipsBoundField:
        bound = ChipsBoundField(form, self, field_name)
        bound.common = self.common
        return bound


def _subject(box: BoundWidget) -> str:
    return str(box.choice_label).partition(UNDER)[0]


def _short(box: BoundWidget) -> BoundWidget:
    """Under the name of its subject, a finer one needs only its own."""
    box.data["label"] = str(box.choice_label).partition(UNDER)[2] or box.choice_label
    return box
