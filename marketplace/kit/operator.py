"""Who runs this market: the name, the place and the taxes that stand on invoices."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ImproperlyConfigured

NOBODY = "Demo operator"


@dataclass(frozen=True, slots=True)
class Operator:
    """``vat_bps`` is the share of VAT that our fee contains, in basis points; 0: no VAT is shown."""

    name: str
    address: tuple[str, ...]
    country: str
    vat_id: str
    vat_bps: int
    prefix: str

    @property
    def is_named(self) -> bool:
        """Without a name nobody issues invoices: what is drawn then is marked as a demo."""
        return bool(self.name)


def operator(env: Any) -> Operator:
    """Read from the environment. Lines of the address are divided by “|”."""
    address = tuple(line.strip() for line in env.str("OPERATOR_ADDRESS", default="").split("|") if line.strip())
    return Operator(
        name=env.str("OPERATOR_NAME", default="").strip(),
        address=address,
        country=env.str("OPERATOR_COUNTRY", default="").strip().upper(),
        vat_id=env.str("OPERATOR_VAT_ID", default="").strip(),
        vat_bps=_basis_points(env.str("OPERATOR_VAT_PERCENT", default="")),
        prefix=env.str("OPERATOR_INVOICE_PREFIX", default="GW").strip(),
    )


def _basis_points(percent: str) -> int:
    """“19” is 1900, “8.1” is 810; nothing is 0."""
    try:
        exact = Decimal(percent.strip() or "0") * 100
    except InvalidOperation as error:
        raise ImproperlyConfigured(f"OPERATOR_VAT_PERCENT is a number like 19 or 8.1, not {percent!r}.") from error
    if not exact.is_finite() or exact != int(exact) or not 0 <= exact < 10_000:
        raise ImproperlyConfigured("OPERATOR_VAT_PERCENT is between 0 and 100, with two decimals at most.")
    return int(exact)
