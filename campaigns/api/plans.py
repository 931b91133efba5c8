"""What a plan may be asked for, as query parameters."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from campaigns.services.plans import GOALS, MOST_CREATORS, Wanted
from marketplace.kit.money import LARGEST_MINOR, Money


class PlanIn(serializers.Serializer[Any]):
    """All of it may be left out: then it is as the campaign says."""

    budget_minor = serializers.IntegerField(min_value=1, max_value=LARGEST_MINOR, required=False)
    goal = serializers.ChoiceField(choices=GOALS, required=False)
    least = serializers.IntegerField(min_value=1, max_value=MOST_CREATORS, required=False)
    most = serializers.IntegerField(min_value=1, max_value=MOST_CREATORS, required=False)
    local_percent = serializers.IntegerField(min_value=0, max_value=100, required=False)
    every_niche = serializers.BooleanField(required=False)
    only_known = serializers.BooleanField(required=False)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if said.get("most", MOST_CREATORS) < said.get("least", 1):
            raise serializers.ValidationError({"most": ["This must be no less than “least”."]})
        return said

    def wanted(self) -> Wanted:
        """The question, of valid parameters."""
        said = dict(self.validated_data)
        budget = said.pop("budget_minor", None)
        money = Money(budget, self.context["currency"]) if budget else None
        return Wanted(budget=money, **said)


class ProveIn(PlanIn):
    """The same as a body. The goal is a pattern, for its choices are not those of a campaign's goal."""

    goal = serializers.RegexField(f"^({'|'.join(GOALS)})$", required=False)  # type: ignore[assignment]
