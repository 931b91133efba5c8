"""The creator's right to answer their authenticity score, and the admin's second look."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from creators.models import AuthenticityAnswer, AuthenticityRecord, Creator
from creators.policies import ADMIN, SELF, must_be
from creators.refresh import refresh_authenticity, refresh_figures
from creators.states import RECHECK
from creators.validity import refuse
from marketplace.notices.services import notify
from marketplace.trust.services import reason_given, record
from marketplace.users.models import User

ANSWER_MAX = 600
DAYS_SHOWN = 60
OWN_SCORE = "/me/profile/authenticity/"


def authenticity_of(creator: Creator, *, days: int = DAYS_SHOWN) -> list[AuthenticityRecord]:
    """The scores of a creator whom one may see, newest first."""
    return list(creator.authenticity_records.all()[:days])


@transaction.atomic
def answer_authenticity(creator: Creator, *, text: str, by: User) -> AuthenticityAnswer | None:
    """The creator says what stands beside their score; nothing takes it away again. An admin has to look anew."""
    must_be(by, creator, SELF)
    said = text.strip()
    if len(said) > ANSWER_MAX:
        raise refuse("text", _("Keep your answer under %(max)d letters.") % {"max": ANSWER_MAX})
    record(act="creator.answer", thing=creator, by=by, reason=said[:500])
    if not said:
        AuthenticityAnswer.objects.filter(creator=creator).delete()
        return None
    fresh = {"text": said, "checked_at": None, "checked_note": ""}
    answer, _made = AuthenticityAnswer.objects.update_or_create(creator=creator, defaults=fresh)
    return answer


@transaction.atomic
def recheck_authenticity(creator: Creator, *, reason: str, by: User) -> None:
    """An admin has everything computed again, and says to the creator what came of it."""
    must_be(by, creator, ADMIN)
    said = reason_given(reason)
    refresh_figures([creator.pk])
    refresh_authenticity([creator.pk])
    now = timezone.now()
    AuthenticityAnswer.objects.filter(creator=creator).update(checked_at=now, checked_note=said, updated_at=now)
    record(act=f"creator.{RECHECK.verb}", thing=creator, by=by, reason=said)
    text = _("We looked at your authenticity score again: ") + said
    notify(creator.user, kind="creator", text=text, url=OWN_SCORE)
