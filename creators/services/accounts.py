"""The account a creator is paid through: opened once, when there is a person behind the profile."""

from django.db import transaction

from creators.models import Creator
from payments.models import Account
from payments.services import open_account
from payments.states import AccountKind


@transaction.atomic
def give_account(creator: Creator) -> Account | None:
    """The creator's account, opened now if there is none; a profile that is nobody's has no account."""
    if creator.account is not None or creator.user is None:
        return creator.account
    row = Creator.objects.select_for_update(no_key=True, of=["self"]).select_related("account").get(pk=creator.pk)
    if row.account is None:
        row.account = open_account(
            kind=AccountKind.PAYEE,
            name=creator.display_name,
            email=creator.user.email,
            country=creator.country,
            currency=creator.currency,
        )
        row.save(update_fields=["account", "updated_at"])
    creator.account = row.account
    return creator.account
