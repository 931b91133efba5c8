"""Pure arithmetic of fees and shares. Nothing is ever taken from the payee; no float comes near."""

from collections.abc import Sequence

from django.conf import settings

from marketplace.kit.money import Money


def platform_fee(amount: Money) -> Money:
    """What the payer pays on top: a share in basis points, at least the minimum, nothing when the share is zero."""
    share: int = settings.PLATFORM_FEE_BPS
    if share == 0 or amount.minor <= 0:
        return Money(0, amount.currency)
    least = Money(settings.PLATFORM_FEE_MIN_MINOR, amount.currency)
    return max(amount.share(share), least, key=lambda money: money.minor)


def split(total: Money, weights: Sequence[int]) -> list[Money]:
    """Divide by weights to the last minor unit: largest remainder first, ties and residual to the first named."""
    whole = sum(weights)
    if whole <= 0 or min(weights, default=-1) < 0:
        raise ValueError("weights must not be negative, and not all zero")
    shares = [total.minor * weight // whole for weight in weights]
    remainders = [total.minor * weight % whole for weight in weights]
    left = total.minor - sum(shares)
    for place in sorted(range(len(weights)), key=lambda index: (-remainders[index], index))[:left]:
        shares[place] += 1
    return [Money(share, total.currency) for share in shares]


def processing_estimate(total: Money, *, bps: int, fixed_minor: int, cap_minor: int | None) -> Money:
    """What a price of the schedule expects the processing of this payment to cost."""
    expected = total.share(bps).minor + fixed_minor
    return Money(expected if cap_minor is None else min(expected, cap_minor), total.currency)
