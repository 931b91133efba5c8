"""The index of faults: every row of docs/money.md's table, and the tests that prove what it says."""

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
PAGE = HERE.parents[1] / "docs" / "money.md"

FAULTS: dict[str, list[str]] = {
    "crash before the approval is committed": [
        "faults/test_crashes.py::test_a_crash_before_the_approval_is_committed_leaves_nothing",
        "kill/test_kill.py::test_an_approval_is_there_whole_or_not_at_all",
    ],
    "crash after the commit, or no doorbell": [
        "faults/test_crashes.py::test_an_approval_whose_doorbell_was_never_rung_is_found_by_the_sweep",
        "faults/test_crashes.py::test_a_broker_that_refuses_does_not_undo_the_approval",
    ],
    "a worker dies anywhere around Stripe's answer": [
        "kill/test_kill.py::test_a_worker_killed_at_any_point_pays_once",
        "kill/test_kill.py::test_a_worker_killed_at_any_point_on_any_day_pays_once",
        "test_outbox.py::test_a_dead_workers_operation_is_taken_over_when_its_lease_ends",
    ],
    "the database ends a worker's connection": [
        "faults/test_processes.py::test_a_database_backend_killed_under_a_worker_loses_nothing",
    ],
    "the database is restored from an older backup": [
        "faults/test_restored.py::test_what_is_decided_again_after_a_restoration_is_not_sent_again",
        "faults/test_restored.py::test_another_sum_than_the_forgotten_one_waits_for_a_person",
        "faults/test_restored.py::test_a_release_that_was_under_way_in_the_backup_is_sent_once",
        "faults/test_restored.py::test_what_was_taken_back_from_a_payee_is_not_taken_a_second_time",
        "faults/test_restored.py::test_a_payee_has_one_account_at_stripe_after_a_restoration",
    ],
    "PostgreSQL is killed while people pay and are paid": [
        "../marketplace/launch/torture/test_torture.py::test_a_few_collaborations_survive_a_killed_database_and_worker",
    ],
    "the answer is lost, or too late": [
        "faults/test_crashes.py::test_silence_is_asked_again_under_the_same_key",
        "test_outbox.py::test_an_answer_lost_after_the_work_is_asked_for_again_with_the_same_key",
        "test_webhooks.py::test_a_lost_answer_is_healed_by_the_news",
    ],
    "429, 409": ["test_outbox.py::test_an_unclear_answer_keeps_the_key_and_pays_once"],
    "a 500 that keeps replaying": [
        "faults/test_crashes.py::test_a_500_that_hides_a_transfer_is_looked_up_and_not_sent_again",
        "faults/test_crashes.py::test_a_500_that_hides_nothing_is_sent_as_a_new_attempt",
    ],
    "a key older than Stripe remembers": [
        "test_outbox.py::test_a_key_that_stripe_forgot_is_looked_up_before_anything_is_sent_again",
        "test_outbox.py::test_a_key_that_stripe_forgot_and_never_used_is_sent_as_a_new_attempt",
    ],
    "webhooks doubled, early, shuffled": [
        "faults/test_news.py::test_six_pieces_of_news_end_alike_in_many_orders",
        "faults/test_news.py::test_six_pieces_of_news_end_alike_in_every_order",
        "faults/test_news.py::test_each_piece_of_news_told_three_times_counts_once",
        "faults/test_news.py::test_news_that_comes_before_our_own_commit_waits_for_it",
        "test_webhooks.py::test_repeated_news_counts_once",
        "test_webhooks.py::test_news_about_something_unknown_waits_and_is_parked_in_the_end",
    ],
    "webhooks lost": [
        "faults/test_news.py::test_all_news_lost_for_a_while_is_caught_up",
        "test_webhooks.py::test_a_payees_lost_news_is_caught_up_too",
        "test_catching_up.py::test_a_payee_whose_onboarding_news_was_lost_is_asked_about",
    ],
    "webhook of another API version": [
        "faults/test_news.py::test_news_in_the_words_of_another_version_is_understood",
    ],
    "webhook forged, replayed late, from the future, at the wrong door": [
        "test_webhooks.py::test_forged_stale_or_misdirected_news_is_refused",
        "test_gateway.py::test_a_forged_or_ill_timed_event_is_refused",
    ],
    "live and test keys swapped": [
        "faults/test_edges.py::test_with_the_wrong_key_nothing_is_sent_and_everything_waits_for_a_person",
        "faults/test_edges.py::test_what_exists_in_the_other_mode_only_is_no_refusal",
        "faults/test_edges.py::test_the_list_of_the_other_mode_is_not_taken_for_ours",
        "faults/test_edges.py::test_books_of_test_money_are_not_opened_with_a_live_key",
        "faults/test_edges.py::test_news_of_the_other_mode_is_turned_away",
        "test_gateway.py::test_the_sandbox_is_never_given_a_live_key",
    ],
    "Redis flushed or gone": [
        "faults/test_processes.py::test_a_flushed_redis_loses_no_payment",
        "faults/test_crashes.py::test_a_broker_that_refuses_does_not_undo_the_approval",
    ],
    "Redis frozen": [
        "faults/test_processes.py::test_a_frozen_redis_keeps_nobody_waiting",
        "faults/test_processes.py::test_payments_that_arrive_while_redis_is_frozen_are_secured_afterwards",
    ],
    "a worker killed, two workers at once": [
        "faults/test_processes.py::test_a_worker_killed_in_the_middle_of_its_work_pays_once",
        "faults/test_crashes.py::test_two_workers_drain_one_queue_without_doubling_anything",
        "races/test_races.py::test_two_workers_send_one_operation_once",
    ],
    "two people release, or release and refund, at once": [
        "races/test_races.py::test_a_hold_is_released_once",
        "races/test_races.py::test_release_and_refund_at_once_have_one_winner",
    ],
    "a refund after the release or the payout": [
        "faults/test_crashes.py::test_refund_after_the_payout_is_refused_and_moves_nothing",
        "test_holds.py::test_released_money_is_not_released_or_refunded_again",
    ],
    "two equal refunds at once": [
        "test_holds.py::test_two_equal_refunds_are_two_decisions_and_wait_for_each_other",
    ],
    "a refund that Stripe cannot pay yet": [
        "faults/test_crashes.py::test_a_refund_waits_in_the_books_until_the_platforms_balance_suffices",
        "faults/test_crashes.py::test_a_waiting_refund_that_is_called_off_is_owed_again",
    ],
    "a refund that comes back": [
        "faults/test_crashes.py::test_a_bank_debit_goes_back_days_later_or_comes_back",
        "test_holds.py::test_a_refund_that_came_back_is_owed_again",
    ],
    "paid after the end, or twice": [
        "test_holds.py::test_a_payment_after_the_end_is_written_down_and_sent_back",
        "races/test_races.py::test_expiry_and_payment_at_once_lose_no_money",
    ],
    "a bank debit that bounces days later": [
        "test_holds.py::test_a_failed_bank_debit_can_be_tried_again",
        "test_holds.py::test_a_bank_debit_on_its_way_keeps_the_hold_open",
    ],
    "the payee's account cannot receive": [
        "test_holds.py::test_an_account_disabled_between_decision_and_transfer_makes_the_release_wait",
        "test_holds.py::test_a_release_waits_for_the_payees_account",
    ],
    "a dispute in any order of its news, while held, after release, after payout, won or lost": [
        "test_disputes.py::test_every_order_of_the_news_ends_alike",
        "test_disputes.py::test_disputed_money_goes_nowhere",
        "test_disputes.py::test_a_dispute_while_the_release_is_on_its_way_does_not_stop_it",
        "test_disputes.py::test_what_is_above_our_share_of_a_loss_is_reversed_or_owed",
        "stories/test_ledger_stories.py::test_the_ledger_tells_the_story",
    ],
    "a payout that comes back": ["test_payouts.py::test_a_failed_payout_puts_the_money_back"],
    "the platform's balance is short": [
        "faults/test_crashes.py::test_the_platforms_balance_is_short_and_the_release_goes_out_once_it_is_not",
    ],
    "no fee, the smallest and the largest amount": [
        "faults/test_edges.py::test_one_cent_without_a_fee_is_refused_where_it_is_agreed",
        "faults/test_edges.py::test_one_cent_is_paid_when_the_fee_makes_it_enough",
        "faults/test_edges.py::test_the_smallest_payment_that_stripe_takes_goes_all_the_way",
        "faults/test_edges.py::test_the_largest_payment_goes_all_the_way_and_a_cent_more_is_refused",
        "test_holds.py::test_without_a_fee_nothing_is_posted_for_it",
    ],
    "a currency with other decimals": [
        "test_amounts.py::test_every_kind_of_currency_is_paid_released_and_paid_out",
        "faults/test_edges.py::test_a_currency_without_decimals_agrees_to_the_yen",
    ],
}


def test_every_fault_that_the_document_names_is_in_the_index() -> None:
    table = PAGE.read_text().split("## When something goes wrong")[1].split("###")[0]
    rows = re.findall(r"^\| (.+?) \|", table, re.MULTILINE)

    assert rows[0] == "fault"
    assert rows[1:] == list(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_tests_that_exist(fault: str) -> None:
    for name in FAULTS[fault]:
        path, _, function = name.partition("::")
        found = [node.name for node in ast.parse((HERE / path).read_text()).body if isinstance(node, ast.FunctionDef)]
        assert function in found, name
