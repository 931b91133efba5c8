"""Every rule of the books is broken once, and the alarm rings."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from payments.invariants import INVARIANTS, Invariant, check
from payments.models import Case, Finding
from tests.payments.invariants.breaking import BREAKING, broken, drop_guards, run
from tests.payments.invariants.story import tell
from tests.plugins.lasting import taken_back

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def unguarded_story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One of everything, none of it broken, where nothing stops who would break it; told once and never committed."""
    with django_db_blocker.unblock(), taken_back(lasting=True):
        tell()
        assert broken() == {}
        drop_guards()
        yield


@pytest.fixture
def _django_db_helper(unguarded_story: None) -> Iterator[None]:
    """What a test breaks is whole again for the next one."""
    with taken_back():
        yield


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda invariant: invariant.name)
def test_a_broken_rule_rings_the_alarm(invariant: Invariant) -> None:
    run(BREAKING[invariant.name])

    check([invariant])

    finding, case = Finding.objects.get(), Case.objects.get()
    assert (finding.name, finding.severity) == (invariant.name, invariant.severity)
    assert finding.offending > 0
    assert finding.broken_since is not None
    assert (case.kind, case.key, case.is_open) == (invariant.kind, f"invariant:{invariant.name}", True)
    assert case.things
