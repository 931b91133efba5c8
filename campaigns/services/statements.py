"""A creator's year: what the bank's books say of it, and which work it was for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from campaigns.models import Collaboration
from campaigns.services.earnings import must_be_own
from payments.papers import draw_statement, write_statement
from payments.parties import is_demo, operator, party_of
from payments.statements import Statement, yearly, years_of

if TYPE_CHECKING:
    from creators.models import Creator
    from marketplace.users.models import User


@dataclass(frozen=True, slots=True)
class Year:
    """``statements``: one per currency; ``works``: the collaboration behind each payment, by the payment's id."""

    year: int
    years: list[int]
    statements: list[Statement]
    works: dict[str, Collaboration]

    @property
    def titles(self) -> dict[str, str]:
        """For papers: whose campaign it was, and for whom."""
        return {payment: title_of(room) for payment, room in self.works.items()}


def year_of(creator: Creator, year: int, *, by: User) -> Year | None:
    """What one year was for this creator, in UTC; None for a year in which nothing can have been."""
    must_be_own(creator, by=by)
    account = creator.account
    years = years_of(account) if account else [timezone.now().year]
    if year not in years:
        return None
    statements = yearly(account, year) if account else []
    payments = {payment for one in statements for payment, _sums in one.payments}
    rooms = Collaboration.objects.filter(hold__public_id__in=payments).select_related(
        "hold", "offer__campaign__business"
    )
    return Year(year, years, statements, {room.hold.public_id: room for room in rooms if room.hold})


def statement_pdf(creator: Creator, year: Year) -> bytes:
    """The year on paper."""
    payee = party_of(creator.account) if creator.account else _unknown(creator)
    return draw_statement(
        year.year, year.statements, titles=year.titles, payee=payee, issuer=operator(), demo=is_demo()
    )


def statement_csv(year: Year) -> str:
    """The year's movements, for a spreadsheet."""
    return write_statement(year.statements, titles=year.titles)


def title_of(room: Collaboration) -> str:
    return f"{room.offer.campaign.title}, {room.offer.campaign.business.name}"


def _unknown(creator: Creator) -> dict[str, object]:
    return {"name": creator.display_name, "address": [], "country": creator.country, "tax_id": ""}
