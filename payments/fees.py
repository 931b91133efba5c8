"""Pure arithmetic of fees and shares. Nothing is ever taken from the payee; no float comes near."""

from collections.abc import Sequence

from django.conf import settings

from marketplace.kit.money import Money
from payments import amounts
from payments.minimums import smallest_fee

WHOLE = 10_000  # basis points


def platform_fee(amount: Money) -> Money:
    """What the payer pays on top: a share in basis points, at least the minimum, nothing when the share is zero."""
    share: int = settings.PLATFORM_FEE_BPS
    if share == 0 or amount.minor <= 0:
        return Money(0, amount.currency)
    fee = max(amount.share(share).minor, smallest_fee(amount.currency).minor)
    step = amounts.step(amount.currency)
    return Money((fee + step // 2) // step * step, amount.currency)


def split(total: Money, weights: Sequence[int]) -> list[Money]:
    """Divide by weights to the last step of the currency: largest remainder first, ties and residual to the first."""
    whole = sum(weights)
    if whole <= 0 or min(weights, default=-1) < 0:
        raise ValueError("weights must not be negative, and not all zero")
    step = amounts.step(total.currency)
    steps, residual = divmod(total.minor, step)
    shares = [steps * weight // whole for weight in weights]
    remainders = [steps * weight % whole for weight in weights]
    left = steps - sum(shares)
    for place in sorted(range(len(weights)), key=lambda index: (-remainders[index], index))[:left]:
        shares[place] += 1
    return [Money(share * step + (residual if place == 0 else 0), total.currency) for place, share in enumerate(shares)]


def part(amount: Money, *, bps: int) -> Money:
    """So many basis points of an amount, in steps of its currency; the rest is what is left of the amount."""
    if not 0 < bps < WHOLE:
        return amount if bps >= WHOLE else Money(0, amount.currency)
    kept, _ = split(amount, [bps, WHOLE - bps])
    return kept


def division(amount: Money, fee: Money, *, to_payee: Money) -> tuple[Money, Money]:
    """What of our fee is earned and what goes back, when the payee gets a part of the amount."""
    if not to_payee:
        return Money(0, fee.currency), fee
    earned, returned = split(fee, [to_payee.minor, amount.minor - to_payee.minor])
    return earned, returned


def tax_within(gross: Money, *, bps: int) -> Money:
    """The tax that an amount contains when so many basis points are added to its net; rounded half up."""
    whole = WHOLE + bps
    return Money((gross.minor * bps * 2 + whole) // (2 * whole), gross.currency)


def processing_estimate(total: Money, *, bps: int, fixed_minor: int, cap_minor: int | None) -> Money:
    """What a price of the schedule expects the processing of this payment to cost."""
    expected = total.share(bps).minor + fixed_minor
    return Money(expected if cap_minor is None else min(expected, cap_minor), total.currency)
