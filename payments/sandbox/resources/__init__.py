"""Stripe's objects, one file per group. ``ROUTES`` is the whole API of the double."""

from payments.sandbox.resources import (
    accounts,
    charges,
    checkout,
    customers,
    disputes,
    fees,
    payouts,
    reads,
    refunds,
    transfers,
)
from payments.sandbox.routes import Route

ROUTES: tuple[Route, ...] = (
    *accounts.ROUTES,
    *charges.ROUTES,
    *checkout.ROUTES,
    *customers.ROUTES,
    *disputes.ROUTES,
    *fees.ROUTES,
    *payouts.ROUTES,
    *reads.ROUTES,
    *refunds.ROUTES,
    *transfers.ROUTES,
)
