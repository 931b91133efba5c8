"""The brief: what the business wants."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.place import TownField
from campaigns.models import Compensation, Goal
from campaigns.services.briefs import ALWAYS_EDITABLE, BriefFields
from campaigns.terms import Item
from creators.models import DeliverableKind, Network, Niche
from creators.validity import COMMON_LANGUAGES, LANGUAGES
from marketplace.kit.chips import ChipsBoundField, ChipsField
from marketplace.kit.forms import MoneyField

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class GoalForm(forms.Form):
    """The first question of the builder: it fills the rest with a template."""

    goal = forms.ChoiceField(label=_("What should this campaign do?"), choices=Goal.choices, widget=forms.RadioSelect)


class NicheField(forms.ModelMultipleChoiceField[Niche]):
    """Any niche of the tree, the finer ones behind the broad one they belong to."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Niche.objects.select_related("parent").order_by("parent__name", "name"), **kwargs)

    def label_from_instance(self, niche: Niche) -> str:
        return f"{niche.parent.name} › {niche.name}" if niche.parent else niche.name

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> ChipsBoundField:
        return ChipsBoundField(form, self, field_name)


class BriefForm(forms.Form):
    """Everything a creator reads before saying yes."""

    title = forms.CharField(label=_("Title"), max_length=80)
    product = forms.CharField(label=_("What is it about?"), max_length=120, help_text=_("The product, place or event."))
    goal = forms.ChoiceField(label=_("Goal"), choices=Goal.choices)
    message = forms.CharField(
        label=_("What should people remember?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Creators are matched by the meaning of this text, so write it as you would tell a friend."),
    )
    niches = NicheField(
        label=_("Niches"), required=False, help_text=_("One is enough. A finer one finds those who know it best.")
    )
    town = TownField(label=_("Near"), required=False, help_text=_("Leave empty to look everywhere."))
    radius_km = forms.IntegerField(label=_("Within (km)"), min_value=1, max_value=2000, required=False)
    languages = ChipsField(label=_("Languages"), choices=LANGUAGES, common=COMMON_LANGUAGES, required=False)
    platforms = ChipsField(label=_("Where should it appear?"), choices=Network.choices, required=False)
    compensation = forms.ChoiceField(label=_("You give"), choices=Compensation.choices)
    product_value = MoneyField(label=_("Value of the product"), required=False)
    budget = MoneyField(label=_("Budget in total"), help_text=_("Everything you spend, our fee included."))
    creators_wanted = forms.IntegerField(label=_("How many creators?"), min_value=1, max_value=100, initial=3)
    starts_on = forms.DateField(label=_("From"), required=False, widget=DATE)
    ends_on = forms.DateField(label=_("Until"), widget=DATE)
    usage_days = forms.IntegerField(
        label=_("Days you may use the content"), min_value=0, max_value=730, initial=0, help_text=_("0 means none.")
    )
    usage_paid_ads = forms.BooleanField(label=_("Also in paid ads"), required=False)
    disclosure = forms.CharField(label=_("How it is disclosed"), max_length=60, initial="#ad")
    dos = forms.CharField(
        label=_("Please do"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    donts = forms.CharField(
        label=_("Please don't"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, currency: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].widget.attrs["placeholder"] = hint
        for name in ("budget", "product_value"):
            field = self.fields[name]
            if isinstance(field, MoneyField):
                field.currency = currency

    def brief(self) -> BriefFields:
        """What was typed, as the services take it."""
        data = dict(self.cleaned_data)
        data.pop("niches")
        budget, value = data.pop("budget"), data.pop("product_value")
        gives_product = data["compensation"] == Compensation.FEE_AND_PRODUCT
        data["budget_minor"] = budget.minor
        data["product_value_minor"] = value.minor if value and gives_product else None
        return cast("BriefFields", data)


class OpenBriefForm(BriefForm):
    """What may still change once creators have seen it: the words and the dates."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {name: field for name, field in self.fields.items() if name in ALWAYS_EDITABLE}

    def brief(self) -> BriefFields:
        return cast("BriefFields", self.cleaned_data)


class DeliverableForm(forms.Form):
    """One wanted item. A spare row starts with no kind, so leaving it alone adds nothing."""

    is_spare = False
    kind = forms.ChoiceField(label=_("What"), choices=[("", _("Nothing more")), *DeliverableKind.choices])
    network = forms.ChoiceField(label=_("Where"), choices=[("", _("Anywhere")), *Network.choices], required=False)
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=50, initial=1)
    detail = forms.CharField(label=_("What must be in it"), max_length=300, required=False)


class Deliverables(forms.BaseFormSet[DeliverableForm]):
    """The wanted items, in order."""

    def add_fields(self, form: DeliverableForm, index: int | None) -> None:
        """Rows of items that exist have a kind, and no way to choose none."""
        super().add_fields(form, index)
        form.is_spare = index is not None and index >= max(self.initial_form_count(), self.min_num)
        if not form.is_spare:
            form.fields["kind"].choices = DeliverableKind.choices  # type: ignore[attr-defined]

    @property
    def at_once(self) -> list[DeliverableForm]:
        """The rows with something in them, and one spare row."""
        rows = list(self)
        used = [place for place, row in enumerate(rows) if not row.is_spare or (row.is_bound and row.has_changed())]
        return rows[: max(used, default=-1) + 2]

    @property
    def folded(self) -> list[DeliverableForm]:
        """More spare rows: as many items as are allowed, without a script."""
        return list(self)[len(self.at_once) :]

    def items(self) -> list[Item]:
        """What was typed, without the rows that were left empty or struck out."""
        rows = [form.cleaned_data for form in self if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        return [Item(kind=r["kind"], network=r["network"], count=r["count"], detail=r["detail"]) for r in rows]


DeliverableFormSet = forms.formset_factory(
    DeliverableForm,
    formset=Deliverables,
    extra=8,
    max_num=8,
    absolute_max=12,
    min_num=1,
    validate_min=True,
    can_delete=True,
)
