"""Tells the world's stories through the services: each step is what that person would have clicked."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

import structlog
from django.conf import settings

from campaigns.models import Application, Campaign, Invitation, Offer
from campaigns.services import ending, invitations, offers, work
from campaigns.terms import contract_items
from creators.models import Creator
from marketplace.demo.paying import fund, onboard, pay
from marketplace.demo.scene import Scene
from marketplace.demo.shapes import DemoCreator, Step, Story, World
from marketplace.demo.till import Till
from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from marketplace.users.models import User
from payments.settlement import sending

log = structlog.get_logger(__name__)

NEEDS_MONEY = {"fund", "pay"}


def tell_stories(world: World, till: Till | None) -> int:
    """Every story that has not been told, up to its end, or up to the payment where nobody may pay."""
    props, told = _props(world), 0
    for story in world.stories:
        if (story.campaign, story.creator) not in props.begun:
            told += 1
            _tell(_scene(world, story, props, till), story)
    if till is not None:
        till.settle()
        sending.run_due()
    return told


@dataclass(frozen=True, slots=True)
class Props:
    """Everybody and everything the stories need, read once."""

    campaigns: Mapping[str, Campaign]
    creators: Mapping[str, Creator]
    cast: Mapping[str, DemoCreator]
    users: Mapping[str, User]
    begun: Set[tuple[str, str]]


def _props(world: World) -> Props:
    businesses = {one.key: one.name for one in world.businesses}
    found = {(one.business.name, one.title): one for one in Campaign.objects.select_related("business")}
    campaigns = {one.key: found[businesses[one.business], one.title] for one in world.campaigns}
    keys = {campaign.pk: key for key, campaign in campaigns.items()}
    handles = {story.creator for story in world.stories}
    creators = Creator.objects.select_related("user", "account").filter(handle__in=handles)
    begun = {
        (keys.get(campaign, ""), handle)
        for model in (Invitation, Application, Offer)
        for campaign, handle in model._default_manager.values_list("campaign", "creator__handle")
    }
    people = [world.admin.email, *(one.members["owner"].email for one in world.businesses)]
    users = {user.email: user for user in User.objects.filter(email__in=people)}
    return Props(campaigns, {one.handle: one for one in creators}, world.creators_by_handle(), users, begun)


def _scene(world: World, story: Story, props: Props, till: Till | None) -> Scene:
    demo = world.campaign(story.campaign)
    return Scene(
        demo=demo,
        campaign=props.campaigns[story.campaign],
        told_of=props.cast[story.creator],
        creator=props.creators[story.creator],
        owner=props.users[world.business(demo.business).members["owner"].email],
        admin=props.users[world.admin.email],
        till=till,
    )


def _tell(scene: Scene, story: Story) -> None:
    """Step by step. A visitor may be faster and change what a story is about: then it ends there."""
    for step in story.steps:
        if step.verb in NEEDS_MONEY and scene.till is None:
            return
        try:
            STEPS[step.verb](scene, step)
        except DomainError as error:
            log.warning("story_ended_early", campaign=story.campaign, verb=step.verb, code=error.code)
            return


def _invite(scene: Scene, step: Step) -> None:
    scene.keep(invitations.invite_creator(scene.campaign, scene.creator, message=step.text, by=scene.owner))


def _view(scene: Scene, step: Step) -> None:
    invitations.view_invitation(scene.invitation, by=scene.artist)


def _accept_invitation(scene: Scene, step: Step) -> None:
    invitations.accept_invitation(scene.invitation, by=scene.artist)


def _decline_invitation(scene: Scene, step: Step) -> None:
    invitations.decline_invitation(scene.invitation, reason=step.text, by=scene.artist)


def _apply(scene: Scene, step: Step) -> None:
    price = Money(step.price_minor, scene.campaign.currency)
    scene.keep(invitations.apply_to_campaign(scene.campaign, message=step.text, price=price, by=scene.artist))


def _shortlist(scene: Scene, step: Step) -> None:
    invitations.shortlist_application(scene.application, by=scene.owner)


def _decline_application(scene: Scene, step: Step) -> None:
    invitations.decline_application(scene.application, reason=step.text, by=scene.owner)


def _withdraw_application(scene: Scene, step: Step) -> None:
    invitations.withdraw_application(scene.application, by=scene.artist)


def _offer(scene: Scene, step: Step) -> None:
    scene.keep(offers.send_offer(scene.campaign, scene.creator, terms=scene.terms(step), by=scene.owner))


def _counter(scene: Scene, step: Step) -> None:
    offers.counter_offer(scene.offer, terms=scene.terms(step), version=scene.offer.version, by=scene.artist)


def _revise(scene: Scene, step: Step) -> None:
    offers.revise_offer(scene.offer, terms=scene.terms(step), version=scene.offer.version, by=scene.owner)


def _agree(scene: Scene, step: Step) -> None:
    offers.agree_offer(scene.offer, version=scene.offer.version, by=scene.owner)


def _decline_offer(scene: Scene, step: Step) -> None:
    offers.decline_offer(scene.offer, reason=step.text, by=scene.artist)


def _withdraw_offer(scene: Scene, step: Step) -> None:
    offers.withdraw_offer(scene.offer, reason=step.text, by=scene.owner)


def _accept(scene: Scene, step: Step) -> None:
    offer, artist = scene.offer, scene.artist
    scene.keep(offers.accept_offer(offer, version=offer.version, signature=artist.name, by=artist))
    if scene.till is not None and scene.collaboration.hold.is_secured:
        onboard(scene, scene.till, settings.SITE_URL + scene.collaboration.get_absolute_url())


def _submit(scene: Scene, step: Step) -> None:
    link = f"https://files.example/{scene.told_of.handle}/{scene.demo.key}"
    work.submit_work(scene.collaboration, link=link, note=step.text, by=scene.artist)


def _request_changes(scene: Scene, step: Step) -> None:
    """One change, at the line of the contract it is about."""
    lines = contract_items(scene.collaboration.contract)
    marked = next(line for line in lines if line.startswith("Disclosure"))
    line = marked if "advertising" in step.text else lines[0]
    work.request_changes(scene.collaboration, changes=[work.Change(line, step.text)], by=scene.owner)


def _approve(scene: Scene, step: Step) -> None:
    work.approve_work(scene.collaboration, by=scene.owner)


def _mark_live(scene: Scene, step: Step) -> None:
    url = f"{scene.told_of.channels[0].url.rstrip('/')}/p/{scene.demo.key}"
    work.mark_live(scene.collaboration, url=url, by=scene.artist)


def _accept_live(scene: Scene, step: Step) -> None:
    work.accept_live(scene.collaboration, by=scene.owner)


def _cancel(scene: Scene, step: Step) -> None:
    ending.cancel(scene.collaboration, reason=step.text, by=scene.artist)


def _expire(scene: Scene, step: Step) -> None:
    """Nobody paid, and the time to pay is over: what the clock does then."""
    ending.expire(scene.collaboration)


def _put_on_hold(scene: Scene, step: Step) -> None:
    ending.put_on_hold(scene.collaboration, reason=step.text, by=scene.admin)


STEPS: Mapping[str, Callable[[Scene, Step], None]] = {
    "invite": _invite, "view": _view, "accept_invitation": _accept_invitation,
    "decline_invitation": _decline_invitation, "apply": _apply, "shortlist": _shortlist,
    "decline_application": _decline_application, "withdraw_application": _withdraw_application, "offer": _offer,
    "counter": _counter, "revise": _revise, "agree": _agree, "decline_offer": _decline_offer,
    "withdraw_offer": _withdraw_offer, "accept": _accept, "fund": fund, "pay": pay, "submit": _submit,
    "request_changes": _request_changes, "approve": _approve, "mark_live": _mark_live,
    "accept_live": _accept_live, "cancel": _cancel, "put_on_hold": _put_on_hold,
    "expire": _expire,
}  # fmt: skip
