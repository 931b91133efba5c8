"""Times on a collaboration's page: on the clock of whoever reads them."""

from __future__ import annotations

from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast
from tests.pages import read


def test_both_sides_read_the_same_moments_on_their_own_clocks(cast: Cast) -> None:
    room = people.secure(people.collaboration(cast))
    User.objects.filter(pk=cast.mina.pk).update(time_zone="Asia/Tokyo")

    hers, theirs = (read(user, room.get_absolute_url()) for user in (cast.mina, cast.owner))

    ledger, timeline = hers.count(" JST</time>"), hers.count(' JST"')
    assert min(ledger, timeline) > 0
    assert " JST" not in theirs
    assert theirs.count(" CET") + theirs.count(" CEST") == ledger + timeline
