"""What a broken rule of the books leads to, and what does not break one; test_alarms.py breaks each of them."""

import dataclasses
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.kit.money import Money
from marketplace.users.models import User
from payments import cases, clock, services
from payments.invariants import INVARIANTS, Invariant, check, checking
from payments.models import Case, Checkout, Finding
from payments.states import CaseKind, Severity
from tests.payments.invariants.breaking import BREAKING, broken, drop_guards, run
from tests.payments.invariants.story import fill, opened, pay, release, tell
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db

ODD = Invariant("odd", "Nothing is odd.", "SELECT name, 'is there' FROM payments_finding WHERE name LIKE 'odd thing%'")


def see_odd(*names: str) -> None:
    Finding.objects.filter(name__startswith="odd thing").delete()
    for name in names:
        Finding.objects.create(name=f"odd thing {name}", severity=Severity.WARNING, sentence="")
    check([ODD])


def test_there_are_many_rules_each_with_a_name_and_a_way_to_break_it() -> None:
    names = [invariant.name for invariant in INVARIANTS]

    assert len(names) == len(set(names)) >= 28
    assert set(BREAKING) == set(names)
    assert all(invariant.sentence.endswith(".") for invariant in INVARIANTS)


def test_a_story_told_by_the_real_bank_breaks_no_rule(bank: Bank) -> None:
    bank.reserve(Money(1_000_00, "EUR"))
    services.refund(bank.secured(), amount=Money(40_00, "EUR"), reason="a part")
    bank.settle_down()
    late = bank.hold()
    bank.pay(late)
    services.expire_hold(late)
    bank.settle_down()
    services.refund(bank.secured(), reason="called off")
    waiting = bank.secured(payee=bank.payee("Ben", onboarded=False))
    services.release(waiting)
    released = bank.released()
    wallet = bank.filled_wallet(Money(400_00, "EUR"))
    drawn = services.draw(wallet, bank.hold(payer=wallet.payer))
    services.refund(drawn, amount=Money(10_00, "EUR"), reason="a part")
    services.close_wallet(wallet, reason="over")
    crew = bank.hold_for_crew([(bank.payee(name), 1) for name in ("Ada", "Cleo")])
    bank.pay(crew)
    bank.settle_down()
    services.release(crew)
    during = broken()
    bank.paid_out(released.payee)

    clock.check_invariants()

    assert during == {}
    assert broken() == {}
    assert not Case.objects.exists()
    assert Finding.objects.filter(offending=0, broken_since=None, trouble="").count() == len(INVARIANTS)


def test_a_rule_that_holds_again_is_noted_and_the_case_stays_open() -> None:
    see_odd("one")
    since = Finding.objects.get(name="odd").broken_since

    see_odd("one", "two")
    still = Finding.objects.get(name="odd")
    see_odd()

    case = Case.objects.get()
    assert (still.offending, still.broken_since) == (2, since)
    assert Finding.objects.get(name="odd").broken_since is None
    assert case.is_open
    assert case.cleared_at is not None
    assert case.things == ["odd thing one", "odd thing two"]


def test_a_closed_case_is_silent_about_the_rows_it_answered_for() -> None:
    ada = User.objects.create_superuser("ada@goodword.example", "x", name="Ada")
    see_odd("one", "two")
    services.close_case(Case.objects.get(), reason="both known", by=ada)

    see_odd("two")
    silent = Case.objects.open().count()
    see_odd("two", "three")

    assert silent == 0
    assert Case.objects.open().get().things == ["odd thing three", "odd thing two"]


def test_a_rule_that_cannot_be_looked_at_is_neither_kept_nor_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "LONGEST", "20ms")
    cases.open_case(kind=CaseKind.INVARIANT, key="invariant:odd", text="It was odd.", things=["a"])
    slow = dataclasses.replace(ODD, sql="SELECT 'slow', pg_sleep(1)::text")

    (look,) = check([slow])

    finding = Finding.objects.get()
    assert "timeout" in look.trouble
    assert (finding.trouble, finding.checked_at) == (look.trouble, None)
    assert Case.objects.get().cleared_at is None


def test_the_watchers_are_told(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "figures"
    see_odd("one")

    page = client.get("/metrics", headers={"authorization": "Bearer figures"}).content.decode()

    assert 'goodword_invariant_offending{name="odd",severity="critical"} 1.0' in page
    assert 'goodword_cases_open{kind="invariant"} 1.0' in page
    assert "goodword_reconciled_timestamp_seconds 0.0" in page
    checked = re.search(r'goodword_invariant_checked_timestamp_seconds\{name="odd"\} (\S+)', page)
    assert checked is not None
    assert abs(float(checked[1]) - timezone.now().timestamp()) < 60


def test_the_watchers_are_told_of_the_reserve(client: Client, settings: Any, bank: Bank) -> None:
    settings.METRICS_TOKEN = "figures"
    bank.reserve(Money(30_00, "EUR"))
    bank.secured()

    page = client.get("/metrics", headers={"authorization": "Bearer figures"}).content.decode()

    assert 'goodword_own_funds_minor{currency="EUR"} 2811.0' in page  # 30.00 less 1.89 for the processing


def test_a_reserve_that_is_used_up_rings_once_it_is_more_than_a_tenth(bank: Bank) -> None:
    hold = bank.secured(Money(2_000_00, "EUR"))
    charge = str(hold.checkouts.get().charge)
    calm = broken()

    bank.sandbox.control.open_dispute(charge=charge, amount=500_00)
    bank.settle_down()

    assert "reserve_covers_what_is_owed" not in calm
    assert "reserve_covers_what_is_owed" in broken()


def test_without_a_database_there_are_still_other_figures(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.METRICS_TOKEN = "figures"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_finding RENAME TO away")

    page = client.get("/metrics", headers={"authorization": "Bearer figures"}).content.decode()

    assert "process_resident_memory_bytes" in page
    assert "goodword_cases_open{" not in page


def test_the_admin_shows_the_broken_rules_first(client: Client) -> None:
    client.force_login(User.objects.create_superuser("ada@goodword.example", "x", name="Ada"))
    see_odd("one")

    page = client.get(reverse("admin:payments_finding_changelist")).content.decode()

    assert page.index("Nothing is odd.") < page.index("odd thing one")


def test_a_case_about_old_money_can_wait_a_week_and_comes_again() -> None:
    ada = User.objects.create_superuser("ada@goodword.example", "x", name="Ada")
    tell()
    drop_guards()
    run(BREAKING["held_at_most_60_days"])
    check(INVARIANTS)
    case = Case.objects.get(kind=CaseKind.AGEING)
    services.close_case(case, reason="both sides agreed to wait", by=ada)

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        check(INVARIANTS)

    assert Case.objects.open().filter(kind=CaseKind.AGEING).exists()


def test_money_is_as_old_as_the_payment_that_brought_it_wherever_it_lies() -> None:
    secured, late, gone = pay(opened()), opened(), pay(opened())
    wallet = fill(Money(400_00, "EUR"))
    drawn, given_back = (services.draw(wallet, opened(payer=wallet.payer)) for _ in range(2))
    services.refund(given_back, reason="called off")
    services.expire_hold(late)
    pay(late)  # and its refund is not answered
    release(gone)
    Checkout.objects.update(paid_at=timezone.now() - timedelta(days=81))

    looks = {look.invariant.name: look.rows for look in check(INVARIANTS, keep=False) if look.rows}

    (filled,) = wallet.checkouts.all()
    assert set(looks) == {"held_at_most_60_days", "held_at_most_80_days"}
    assert {what for what, _ in looks["held_at_most_80_days"]} == {
        secured.public_id, drawn.public_id, late.public_id, filled.public_id
    }  # fmt: skip
    assert "EUR 29100 in a wallet" in dict(looks["held_at_most_80_days"])[filled.public_id]


def test_the_documents_list_every_rule_and_a_runbook_for_every_kind_of_case() -> None:
    docs = Path(__file__).parents[3] / "docs"
    listed = (docs / "invariants.md").read_text()
    runbooks = (docs / "money.md").read_text()

    rows = [f"| `{one.name}` | {one.sentence} | {one.severity} |" for one in INVARIANTS]

    assert [line for line in listed.splitlines() if line.startswith("| `")] == rows
    assert [kind for kind in CaseKind if f"- **{kind}: {kind.label}.**" not in runbooks] == []
