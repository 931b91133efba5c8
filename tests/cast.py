"""The people every test knows: Rosa's Bakery and its team, Mina who bakes on camera, and those who may not look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.models import (
    Application,
    Business,
    Campaign,
    Collaboration,
    Deliverable,
    Invitation,
    Member,
    Offer,
    Role,
    Submission,
)
from campaigns.services.invitations import apply_to_campaign, invite_creator
from campaigns.services.offers import accept_offer, send_offer
from campaigns.services.signing import account_of_business
from campaigns.states import CampaignState, CollaborationState
from campaigns.terms import Draft, Item
from creators.models import Creator, Niche
from creators.states import CreatorState
from marketplace.kit.money import Money
from marketplace.users.models import User
from payments.models import Account, Checkout, Hold, Wallet
from payments.services import holds, open_wallet
from payments.settlement import arrivals, outbox, releases

PASSWORD = "correct horse battery"
REEL = Item(kind="reel", network="instagram", count=1, detail="Show the oven")


@dataclass(frozen=True)
class Cast:
    """Everybody, by the name a sentence would use."""

    owner: User
    manager: User
    finance: User
    viewer: User
    bakery: Business
    mina: User
    mina_profile: Creator
    other_owner: User
    other_business: Business
    other_creator: User
    other_profile: Creator
    admin: User
    suspended: User
    baking: Niche

    @property
    def persons(self) -> dict[str, User]:
        """Everybody with a login, by role; “suspended” is a manager of the bakery who was suspended."""
        return {
            "owner": self.owner,
            "manager": self.manager,
            "finance": self.finance,
            "viewer": self.viewer,
            "creator": self.mina,
            "other_business": self.other_owner,
            "other_creator": self.other_creator,
            "admin": self.admin,
            "suspended": self.suspended,
        }


def make_cast() -> Cast:
    """Put everybody into the database."""
    bakery = Business.objects.create(name="Rosa's Bakery", country="DE", currency="EUR")
    other_business = Business.objects.create(name="Wheels of Ulm", country="DE", currency="EUR")
    owner, manager, finance, viewer, suspended = (
        _member(bakery, name, role)
        for name, role in (
            ("Rosa Keller", Role.OWNER),
            ("Marco Lang", Role.MANAGER),
            ("Fina Berg", Role.FINANCE),
            ("Vera Holm", Role.VIEWER),
            ("Sven Grau", Role.MANAGER),
        )
    )
    User.objects.filter(pk=suspended.pk).update(suspended_at=timezone.now())
    suspended.refresh_from_db()
    mina, other_creator = person("Mina Park"), person("Omar Diaz")
    return Cast(
        owner=owner,
        manager=manager,
        finance=finance,
        viewer=viewer,
        bakery=bakery,
        mina=mina,
        mina_profile=creator(mina, "mina"),
        other_owner=_member(other_business, "Otto Rad", Role.OWNER),
        other_business=other_business,
        other_creator=other_creator,
        other_profile=creator(other_creator, "omar"),
        admin=person("Ada Min", is_staff=True, is_superuser=True),
        suspended=suspended,
        baking=Niche.objects.get_or_create(slug="baking", defaults={"name": "Baking"})[0],
    )


def person(name: str, **extra: Any) -> User:
    """Somebody with a login; the address is made from the name."""
    user = User(email=f"{name.lower().replace(' ', '.')}@example.org", name=name, **extra)
    user.set_unusable_password()
    user.save()
    return user


def _member(business: Business, name: str, role: str) -> User:
    user = person(name)
    Member.objects.create(business=business, user=user, role=role)
    return user


def creator(user: User | None, handle: str, **extra: Any) -> Creator:
    """A listed creator in Germany who speaks German and posts on Instagram."""
    values: dict[str, Any] = {
        "display_name": user.name.split()[0] if user else handle.title(),
        "country": "DE",
        "languages": ["de"],
        "platforms": ["instagram"],
        "currency": "EUR",
        "followers": 4200,
        "state": CreatorState.LISTED,
    }
    return Creator.objects.create(user=user, handle=handle, **{**values, **extra})


def campaign(cast: Cast, *, state: str = CampaignState.OPEN, **extra: Any) -> Campaign:
    """A campaign of the bakery with €600 and one reel to make; complete enough to be posted."""
    today = timezone.localdate()
    values: dict[str, Any] = {
        "business": cast.bakery,
        "made_by": cast.manager,
        "title": "Our sourdough",
        "product": "Sourdough bread",
        "message": "Baked with 48 hours of patience.",
        "country": "DE",
        "budget_minor": 60_000,
        "currency": "EUR",
        "creators_wanted": 2,
        "starts_on": today,
        "ends_on": today + timedelta(days=30),
        "dos": "Show the crust",
        "state": state,
    }
    made = Campaign.objects.create(**{**values, **extra})
    made.niches.add(cast.baking)
    Deliverable.objects.create(campaign=made, **REEL)
    return made


def draft(fee: int = 20_000, *, currency: str = "EUR", **extra: Any) -> Draft:
    """Terms for one reel, €200 unless said otherwise, due in ten days and published in twelve."""
    today = timezone.localdate()
    values: dict[str, Any] = {
        "deliverables": [REEL],
        "due_on": today + timedelta(days=10),
        "publish_on": today + timedelta(days=12),
    }
    return Draft(fee=Money(fee, currency), **{**values, **extra})


def offer(cast: Cast, *, on: Campaign | None = None, fee: int = 20_000) -> Offer:
    """The bakery's offer to Mina, waiting for her answer."""
    return send_offer(on or campaign(cast), cast.mina_profile, terms=draft(fee), by=cast.manager)


def collaboration(cast: Cast, *, state: str = CollaborationState.AWAITING_PAYMENT, **extra: Any) -> Collaboration:
    """Mina's signed work for the bakery, put into a state without walking there; money is as if it had been paid."""
    sent = send_offer(campaign(cast), cast.mina_profile, terms=draft(**extra), by=cast.manager)
    made = accept_offer(sent, version=1, signature="Mina Park", by=cast.mina)
    if state != CollaborationState.AWAITING_PAYMENT:
        completed_at = timezone.now() if state == CollaborationState.COMPLETED else None
        Collaboration.objects.filter(pk=made.pk).update(state=state, completed_at=completed_at)
        made.refresh_from_db()
    if state not in (CollaborationState.AWAITING_PAYMENT, CollaborationState.IN_PRODUCTION):
        Submission.objects.create(collaboration=made, number=1, by=cast.mina, link="https://example.org/draft")
    return made


def invitation(cast: Cast) -> Invitation:
    """The bakery asks Mina."""
    return invite_creator(campaign(cast), cast.mina_profile, message="We like your bread.", by=cast.manager)


def application(cast: Cast) -> Application:
    """Mina asks the bakery."""
    return apply_to_campaign(campaign(cast), message="I bake every Sunday.", by=cast.mina)


def secure(made: Collaboration) -> Collaboration:
    """The payment arrives, as the bank's inbox would tell it; no call leaves the process."""
    with transaction.atomic():
        hold = Hold.objects.select_for_update().get(pk=made.hold_id)
        _pay(made.public_id, hold.total, hold=hold)
    made.refresh_from_db()
    return made


def release(made: Collaboration) -> Collaboration:
    """Secured money arrives at Mina's account, as the bank's outbox would do it; no call leaves the process."""
    Account.objects.filter(holds_received=made.hold).update(
        transfers_active=True, stripe_account_id=f"acct_{made.offer.creator_id}"
    )
    with transaction.atomic():
        transfer = holds.release(Hold.objects.get(pk=made.hold_id))
        transfer.refresh_from_db()
        assert transfer.operation is not None
        releases.confirmed(transfer.operation, {"id": f"tr_{made.public_id}", "balance_transaction": "txn"})
    made.refresh_from_db()
    return made


def fund(campaign: Campaign, minor: int = 60_000) -> Campaign:
    """Money arrives in the campaign's wallet, in the same way."""
    with transaction.atomic():
        campaign.wallet = open_wallet(
            payer=account_of_business(campaign.business, by=campaign.made_by),
            currency=campaign.currency, reference=f"campaign:{campaign.public_id}", description=campaign.title,
        )  # fmt: skip
        campaign.save()
        _pay(campaign.public_id, Money(minor, campaign.currency), wallet=campaign.wallet)
    return campaign


def _pay(number: str, total: Money, *, hold: Hold | None = None, wallet: Wallet | None = None) -> None:
    money = {"amount": total.minor, "currency": total.currency.lower()}
    operation = outbox.put("checkout_session.create", {"test": number}, hold=hold, wallet=wallet)
    checkout = Checkout.objects.create(
        hold=hold, wallet=wallet, operation=operation, stripe_id=f"cs_{number}", state="open",
        expires_at=timezone.now() + timedelta(hours=1), total_minor=total.minor, currency=total.currency,
    )  # fmt: skip
    line = {"id": f"txn_{number}", "fee": 320, "net": total.minor - 320, **money}
    charge = {"id": f"ch_{number}", "balance_transaction": line, "payment_method_details": {"type": "card"}}
    paid = {"id": f"pi_{number}", "amount_received": total.minor, "latest_charge": charge, **money}
    arrivals.payment_arrived(checkout, paid)
