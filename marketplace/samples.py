"""Invented things for the styleguide and the fee page. Nothing here is a real person or a real sum."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from marketplace.kit.money import Money
from payments.fees import platform_fee


class SampleForm(forms.Form):
    """One field of each kind, so that the styleguide shows them all."""

    title = forms.CharField(max_length=80, help_text="What you would say to a friend.")
    budget = forms.DecimalField(label="Budget", help_text="In whole euros.", min_value=50)
    goal = forms.ChoiceField(choices=[("sales", "Sell more online"), ("visits", "Bring people into the shop")])
    brief = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    platforms = forms.MultipleChoiceField(
        choices=[("instagram", "Instagram"), ("tiktok", "TikTok"), ("youtube", "YouTube")],
        widget=forms.CheckboxSelectMultiple,
    )
    start_on = forms.DateField(label="Starts on", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    terms = forms.BooleanField(label="I have read how fees work")


def fee_examples() -> list[dict[str, Money]]:
    """What a business pays and a creator gets for a few usual sums."""
    pays = [Money(minor, "EUR") for minor in (8_000, 25_000, 60_000, 150_000)]
    return [{"pay": pay, "fee": platform_fee(pay), "total": pay + platform_fee(pay), "gets": pay} for pay in pays]


CASES: dict[str, Any] = {
    "tones": ["neutral", "accent", "success", "warning", "danger"],
    "names": ["Ana Lima", "Bakery Sonnenkorn", "Chidi Okafor", "Dana Novák", "Émile Roux", "Farah Aziz"],
    "paid": Money(124_000, "EUR"),
    "points": [("Dec", 21.0), ("Jan", 24.5), ("Feb", 23.8), ("Mar", 28.0), ("Apr", 31.4), ("May", 30.2),
               ("Jun", 36.9), ("Jul", 41.0), ("Aug", 39.7), ("Sep", 47.2), ("Oct", 51.8), ("Nov", 61.0)],
    "verbs": [
        {"verb": "approve", "label": "Approve work", "url": "#", "tone": "primary"},
        {"verb": "request_changes", "label": "Request changes", "url": "#", "tone": ""},
        {"verb": "dispute", "label": "Open a dispute", "url": "#", "tone": "danger",
         "confirm": "Both sides stop until we have looked."},
    ],
    "steps": [
        {"label": "Terms agreed", "state": "done"}, {"label": "Payment secured", "state": "done"},
        {"label": "Work", "state": "current"}, {"label": "Paid", "state": "todo"},
    ],
    "facts": [("Fee", "€400.00"), ("Platform fee", "€36.00"), ("Usage rights", "Your own channels, 6 months")],
    "tabs_shown": [{"label": "Overview", "url": "#", "current": True}, {"label": "Offers", "url": "#", "count": 3},
                   {"label": "Ledger", "url": "#"}],
    "chips": [{"label": "All", "url": "#", "current": True}, {"label": "Food", "url": "#"},
              {"label": "Fitness", "url": "#"}, {"label": "Travel", "url": "#"}],
    "reasons": [
        {"icon": "sparkles", "text": "Bakes with sourdough in 14 of the last 30 posts."},
        {"icon": "message-circle", "text": "Answers 46 % of real comments within two days."},
        {"icon": "map-pin", "text": "Lives 6 km from your shop in Leipzig."},
    ],
}  # fmt: skip


def styleguide() -> dict[str, Any]:
    """Everything the styleguide page shows."""
    now = timezone.now()
    wrong = SampleForm({"title": "Spring menu tasting", "budget": "0", "goal": "sales"})
    wrong.is_valid()
    events = [
        {"title": "Draft submitted", "by": "Ana Lima", "at": now - timedelta(hours=3), "tone": "accent"},
        {"title": "Payment secured", "by": "Bakery Sonnenkorn", "at": now - timedelta(days=2), "tone": "success"},
        {"title": "Offer accepted", "by": "Ana Lima", "at": now - timedelta(days=2), "text": "Signed as “Ana Lima”."},
    ]
    return {
        **CASES,
        "form": SampleForm(),
        "wrong_form": wrong,
        "events": events,
        "soon": now + timedelta(days=2, minutes=5),
        "later": now + timedelta(days=9, minutes=5),
        "late": now - timedelta(days=3),
    }
