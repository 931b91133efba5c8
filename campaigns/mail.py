"""Telling the other side what happened and what they can do next. One table of news; one way to send it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from campaigns.models import Application, Business, Campaign, Collaboration, Invitation, Invite, Member, Offer, Role
from creators.models import Creator
from marketplace.kit.texts import one_line
from marketplace.notices.services import is_waiting, notify
from marketplace.users.models import User

TO_CREATOR, TO_MANAGERS, TO_PAYERS = "creator", "managers", "payers"
RUNS = [Role.OWNER, Role.MANAGER]
PAYS = [Role.OWNER, Role.FINANCE]


@dataclass(frozen=True, slots=True)
class News:
    """Who is told, in which words, and what they can do next."""

    to: str
    text: str
    next_step: str = ""


NEWS: dict[str, list[News]] = {
    "campaign.approve": [News(TO_MANAGERS, _("“{campaign}” is open. Creators can see it now."), _("See who fits"))],
    "campaign.in_review": [News(TO_MANAGERS, _("We look at “{campaign}” before it opens. This takes a day at most."))],
    "campaign.reject": [News(TO_MANAGERS, _("“{campaign}” needs changes before it can open."), _("Edit the brief"))],
    "campaign.matched": [News(TO_MANAGERS, _("We found creators for “{campaign}”."), _("See the shortlist"))],
    "campaign.funded": [
        News(TO_PAYERS, _("The money for “{campaign}” is here. What is signed is paid from it."), _("See the money"))
    ],
    "campaign.returned_late": [
        News(TO_PAYERS, _("A payment for “{campaign}” came after its end. It is on its way back to you."))
    ],
    "campaign.returned": [
        News(TO_PAYERS, _("What was left of the money for “{campaign}” has gone back to you."), _("See the money"))
    ],
    "campaign.bounced": [
        News(TO_PAYERS, _("Your bank did not pay for “{campaign}”. Pay in again, or another way."), _("See the money"))
    ],
    "invitation.send": [News(TO_CREATOR, _("{business} invites you to “{campaign}”."), _("Read the brief"))],
    "invitation.accept": [News(TO_MANAGERS, _("{creator} is interested in “{campaign}”."), _("Make an offer"))],
    "invitation.decline": [News(TO_MANAGERS, _("{creator} cannot join “{campaign}”."), _("Invite somebody else"))],
    "invitation.withdraw": [News(TO_CREATOR, _("{business} withdrew the invitation to “{campaign}”."))],
    "invitation.remind": [News(TO_CREATOR, _("The invitation to “{campaign}” ends tomorrow."), _("Answer it"))],
    "invitation.expire": [News(TO_MANAGERS, _("{creator} did not answer the invitation to “{campaign}”."))],
    "application.send": [News(TO_MANAGERS, _("{creator} would like to join “{campaign}”."), _("Read the application"))],
    "application.shortlist": [News(TO_CREATOR, _("You are on the shortlist for “{campaign}”."))],
    "application.decline": [
        News(TO_CREATOR, _("{business} chose others for “{campaign}”."), _("Find other campaigns"))
    ],
    "application.withdraw": [News(TO_MANAGERS, _("{creator} withdrew the application to “{campaign}”."))],
    "application.remind": [News(TO_MANAGERS, _("{creator} waits for your answer about “{campaign}”."), _("Answer"))],
    "application.expire": [
        News(TO_CREATOR, _("{business} did not answer your application to “{campaign}”."), _("Find other campaigns"))
    ],
    "offer.send": [News(TO_CREATOR, _("{business} offers you “{campaign}”."), _("Read the offer"))],
    "offer.counter": [News(TO_MANAGERS, _("{creator} proposes changes for “{campaign}”."), _("Look at the changes"))],
    "offer.take_back": [News(TO_MANAGERS, _("{creator} took the proposal for “{campaign}” back. Your offer stands."))],
    "offer.agree": [News(TO_CREATOR, _("{business} agrees to your changes for “{campaign}”."), _("Accept and sign"))],
    "offer.revise": [
        News(TO_CREATOR, _("{business} answered with new terms for “{campaign}”."), _("Look at the changes"))
    ],
    "offer.extend": [News(TO_CREATOR, _("You have more time to answer “{campaign}”."), _("Read the offer"))],
    "offer.decline": [
        News(TO_MANAGERS, _("{creator} declined your offer for “{campaign}”."), _("Offer it to another"))
    ],
    "offer.withdraw": [News(TO_CREATOR, _("{business} withdrew the offer for “{campaign}”."))],
    "offer.remind": [News(TO_CREATOR, _("The offer for “{campaign}” ends tomorrow."), _("Answer it"))],
    "offer.remind_business": [News(TO_MANAGERS, _("{creator} waits for your answer on “{campaign}”."), _("Answer"))],
    "offer.expire": [
        News(TO_MANAGERS, _("The offer to {creator} for “{campaign}” expired."), _("Offer it to another")),
        News(TO_CREATOR, _("The offer for “{campaign}” expired.")),
    ],
    "offer.accept": [
        News(TO_PAYERS, _("{creator} signed for “{campaign}”. Now secure the payment."), _("Secure the payment")),
        News(TO_CREATOR, _("You signed for “{campaign}”. Start when the payment is secured.")),
    ],
    "offer.accept_coming": [
        News(TO_PAYERS, _("{creator} signed for “{campaign}”. The money on its way from your bank pays for it.")),
        News(TO_CREATOR, _("You signed for “{campaign}”. Start when the payment is secured.")),
    ],
    "offer.accept_funded": [
        News(TO_MANAGERS, _("{creator} signed for “{campaign}”, paid from the campaign's money."), _("See the work"))
    ],
    "campaign.disputed": [
        News(
            TO_PAYERS, _("Your bank has taken back money you paid in for “{campaign}”. Did you mean that?"), _("See it")
        )
    ],
    "campaign.charge_back": [News(TO_PAYERS, _("Your bank kept money you paid in for “{campaign}”."), _("See it"))],
    "campaign.dispute_won": [News(TO_PAYERS, _("Your bank returned the money for “{campaign}”."), _("See it"))],
    "collaboration.start": [
        News(TO_CREATOR, _("The payment for “{campaign}” is secured. You can start."), _("See what is due")),
        News(TO_PAYERS, _("The payment for “{campaign}” is secured. {creator} can start.")),
    ],
    "collaboration.message_to_creator": [
        News(TO_CREATOR, _("{business} wrote to you about “{campaign}”."), _("Read it"))
    ],
    "collaboration.message_to_business": [
        News(TO_MANAGERS, _("{creator} wrote to you about “{campaign}”."), _("Read it"))
    ],
    "collaboration.reviewed_by_creator": [
        News(TO_MANAGERS, _("{creator} reviewed “{campaign}”. You read it once you have, too."), _("Write your review"))
    ],
    "collaboration.reviewed_by_business": [
        News(TO_CREATOR, _("{business} reviewed “{campaign}”. You read it once you have, too."), _("Write your review"))
    ],
    "collaboration.reviews_published": [
        News(TO_CREATOR, _("The reviews of “{campaign}” are published."), _("Read them")),
        News(TO_MANAGERS, _("The reviews of “{campaign}” with {creator} are published."), _("Read them")),
    ],
    "collaboration.submit": [News(TO_MANAGERS, _("{creator} handed in work for “{campaign}”."), _("Review it"))],
    "collaboration.request_changes": [News(TO_CREATOR, _("{business} asks for changes."), _("See what to change"))],
    "collaboration.approve": [
        News(TO_CREATOR, _("Your work for “{campaign}” is approved."), _("Publish it and send the link"))
    ],
    "collaboration.mark_live": [News(TO_MANAGERS, _("{creator}'s work for “{campaign}” is live."), _("Look at it"))],
    "collaboration.complete": [
        News(TO_CREATOR, _("“{campaign}” is complete. Your payment is released."), _("See your earnings")),
        News(TO_MANAGERS, _("“{campaign}” with {creator} is complete."), _("See the result")),
    ],
    "collaboration.cancel": [News(TO_MANAGERS, _("{creator} cancelled “{campaign}”. You get everything back."))],
    "collaboration.call_off": [News(TO_CREATOR, _("{business} called off “{campaign}” before paying. You are free."))],
    "collaboration.begin": [News(TO_MANAGERS, _("{creator} has started on “{campaign}”."))],
    "collaboration.cancel_paid": [
        News(TO_CREATOR, _("{business} cancelled “{campaign}”. See what you keep of the fee."), _("See it")),
        News(TO_PAYERS, _("“{campaign}” with {creator} is cancelled. See what comes back to you."), _("See it")),
    ],
    "collaboration.cancel_late": [News(TO_CREATOR, _("{business} cancelled “{campaign}” because it is overdue."))],
    "collaboration.expire": [
        News(TO_CREATOR, _("{business} did not pay for “{campaign}” in time. You are free.")),
        News(TO_PAYERS, _("“{campaign}” with {creator} was not paid in time and ended.")),
    ],
    "collaboration.put_on_hold": [
        News(TO_CREATOR, _("“{campaign}” is on hold while we look at it.")),
        News(TO_MANAGERS, _("“{campaign}” with {creator} is on hold while we look at it.")),
    ],
    "collaboration.disputed": [
        News(TO_PAYERS, _("Your bank has taken back the payment for “{campaign}”. Did you mean that?"), _("See it"))
    ],
    "collaboration.charge_back": [
        News(TO_CREATOR, _("The bank of {business} kept the payment for “{campaign}”. What you were paid is yours.")),
        News(TO_PAYERS, _("Your bank kept the payment for “{campaign}” with {creator}.")),
    ],
    "collaboration.dispute_won": [
        News(TO_CREATOR, _("The payment for “{campaign}” is back. We decide what happens next.")),
        News(TO_PAYERS, _("Your bank returned the payment for “{campaign}”. We decide what happens next.")),
    ],
    "collaboration.dispute_over": [
        News(TO_CREATOR, _("The payment for “{campaign}” is still there. We decide what happens next.")),
        News(TO_PAYERS, _("The payment for “{campaign}” with {creator} is still there. We decide what happens next.")),
    ],
    "collaboration.settle_release": [News(TO_MANAGERS, _("We decided to pay {creator} for “{campaign}”."))],
    "collaboration.settle_refund": [
        News(TO_CREATOR, _("We decided to refund the payment for “{campaign}”.")),
        News(TO_PAYERS, _("We decided to refund your payment for “{campaign}”.")),
    ],
    "collaboration.remind_payment": [
        News(TO_PAYERS, _("“{campaign}” with {creator} waits for payment."), _("Pay now"))
    ],
    "collaboration.remind_work": [News(TO_CREATOR, _("Your work for “{campaign}” is due tomorrow."), _("Hand it in"))],
    "collaboration.remind_publish": [
        News(
            TO_CREATOR,
            _("Your work for “{campaign}” should be published by tomorrow."),
            _("Publish it and send the link"),
        )
    ],
    "collaboration.remind_review": [
        News(
            TO_MANAGERS, _("{creator}'s work for “{campaign}” is approved tomorrow if you say nothing."), _("Review it")
        )
    ],
    "collaboration.remind_live": [
        News(TO_MANAGERS, _("The post for “{campaign}” is confirmed tomorrow if you say nothing."), _("Look at it"))
    ],
    "collaboration.late": [
        News(TO_CREATOR, _("Your work for “{campaign}” is late. You have 72 hours left."), _("Hand it in")),
        News(TO_MANAGERS, _("{creator} is late with “{campaign}”. After 72 hours you may cancel.")),
    ],
    "collaboration.release_refused": [
        News(
            TO_CREATOR,
            _("The bank could not pass on the money for “{campaign}” yet. It is safe; we try again."),
            _("See it"),
        )
    ],
    "collaboration.released": [News(TO_CREATOR, _("The money for “{campaign}” is on its way to you."), _("See it"))],
    "collaboration.returned_late": [
        News(
            TO_PAYERS,
            _("A payment for “{campaign}” came too late or twice. It is on its way back to you."),
            _("See it"),
        ),
        News(
            TO_CREATOR, _("A payment for “{campaign}” came too late or twice and goes back. Nothing changes for you.")
        ),
    ],
    "collaboration.refunded": [
        News(TO_PAYERS, _("The money for “{campaign}” is on its way back to you."), _("See it"))
    ],
    "collaboration.refunded_to_campaign": [
        News(TO_PAYERS, _("The money for {creator} lies in the money of “{campaign}” again."), _("See it"))
    ],
    "collaboration.bounced": [
        News(TO_PAYERS, _("Your bank did not pay for “{campaign}” with {creator}. Pay another way."), _("Pay now"))
    ],
}


def tell(thing: Campaign | Invitation | Application | Offer | Collaboration, event: str, *, once: bool = False) -> None:
    """Tell everybody whom this event concerns; the words and the people are in the table.

    ``once``: not again while the same news about the same thing lies there unread.
    """
    offer = thing.offer if isinstance(thing, Collaboration) else thing
    campaign = offer if isinstance(offer, Campaign) else offer.campaign
    creator = None if isinstance(offer, Campaign) else offer.creator
    kind = f"{thing._meta.model_name}.{event}"
    words = {"campaign": campaign.title, "business": campaign.business.name, "creator": creator or ""}
    for news in NEWS[kind]:
        for person in _people(news.to, campaign.business, creator):
            if once and is_waiting(person, kind=kind, url=thing.get_absolute_url()):
                continue
            with translation.override(person.locale):
                text, step = gettext(news.text).format(**words), gettext(news.next_step) if news.next_step else ""
            notify(person, kind=kind, text=text, url=thing.get_absolute_url(), next_step=step)


def _people(to: str, business: Business, creator: Creator | None) -> list[User]:
    if to == TO_CREATOR:
        return [creator.user] if creator is not None and creator.user is not None else []
    roles = RUNS if to == TO_MANAGERS else PAYS
    return [m.user for m in Member.objects.filter(business=business, role__in=roles).select_related("user")]


def invite_token(public_id: str) -> str:
    """The secret in an invite's link. Made anew when needed, so that only its digest lies in the database."""
    return salted_hmac("campaigns.invite", public_id, algorithm="sha256").hexdigest()


def invite_digest(token: str) -> str:
    """What is kept of the secret."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def deliver_invite(invite_id: int) -> None:
    """Mail one invite to its address, once; if the mail server refuses, the sweep tries again."""
    waiting = Invite.objects.to_mail().select_for_update(no_key=True, skip_locked=True, of=("self",))
    invite = waiting.filter(pk=invite_id).select_related("business", "invited_by").first()
    if invite is None:
        return
    link = f"{settings.SITE_URL}/join/{invite_token(invite.public_id)}/"
    context = {"invite": invite, "link": link, "site_url": settings.SITE_URL}
    message = EmailMultiAlternatives(
        subject=one_line(f"{invite.invited_by} invites you to “{invite.business.name}”"),
        body=render_to_string("campaigns/mail/invite.txt", context),
        to=[invite.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("campaigns/mail/invite.html", context), "text/html")
    message.send()
    Invite.objects.filter(pk=invite.pk).update(mailed_at=timezone.now())
