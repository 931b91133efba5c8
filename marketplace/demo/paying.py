"""The steps of a story at which money moves: the owner pays, and the creator tells the bank who they are."""

from django.conf import settings

from campaigns.services import funding, work
from marketplace.demo.scene import Scene
from marketplace.demo.shapes import Step
from marketplace.demo.till import Till
from marketplace.kit.errors import Conflict
from payments import services as bank
from payments.models import Account, Wallet

TRIES = 5  # a busy machine answers late, not never


def fund(scene: Scene, step: Step) -> None:
    """The owner pays in once for the whole campaign; whoever signs after that is paid for already."""
    campaign = scene.campaign
    if campaign.wallet is not None or scene.till is None:
        return
    url, wanted = None, funding.to_fund(campaign, None)
    for _again in range(TRIES):
        url = url or funding.fund_campaign(campaign, amount=wanted, by=scene.owner)
    if url is None:
        raise Conflict("bank_is_slow", "The checkout is not ready yet.")
    wallet = Wallet.objects.get(campaign=campaign)
    scene.till.pay(wallet.checkouts.latest("pk").stripe_id or "")
    bank.refresh_checkout(wallet)


def pay(scene: Scene, step: Step) -> None:
    """The owner goes to the hosted page and pays by card; most creators have told the bank who they are by then."""
    collaboration = scene.collaboration
    back = settings.SITE_URL + collaboration.get_absolute_url()
    url = work.pay(collaboration, by=scene.owner)
    for _again in range(TRIES):
        url = url or bank.checkout_url(collaboration.hold, success_url=back, cancel_url=back)
    if url is None:
        raise Conflict("bank_is_slow", "The checkout is not ready yet.")
    if scene.till is not None:
        scene.till.pay(collaboration.hold.checkouts.latest("pk").stripe_id or "")
        bank.refresh_checkout(collaboration.hold)
        collaboration.refresh_from_db()
        onboard(scene, scene.till, back)


def onboard(scene: Scene, till: Till, back: str) -> None:
    """Most creators, not all, tell the bank who they are."""
    account = scene.collaboration.hold.payee
    if account.stripe_account_id is None and account.pk % 4:
        bank.start_onboarding(account, return_url=back, refresh_url=back)
        known = Account.objects.get(pk=account.pk)
        if known.stripe_account_id is not None:
            till.onboard(known.stripe_account_id)
            bank.refresh_account(known)
