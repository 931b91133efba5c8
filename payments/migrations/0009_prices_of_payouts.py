"""What payouts are expected to cost, and a minimum that is worth a payout in every currency."""

from datetime import date

from django.db import migrations

SINCE = date(2024, 1, 1)
SOURCE = "stripe.com/connect/pricing, platform pays"
# currency, method, basis points, fixed part
PRICES = [
    ("USD", "payout", 25, 25),
    ("EUR", "payout", 25, 10),
    ("GBP", "payout", 25, 10),
    ("USD", "payout_instant", 100, 0),
    ("EUR", "payout_instant", 100, 0),
    ("GBP", "payout_instant", 100, 0),
]
WAS = 50_00  # for everybody, whatever the currency
MINIMUMS = {
    "AUD": 80_00, "BHD": 20_000, "CAD": 75_00, "CZK": 1_200_00, "DKK": 375_00, "GBP": 45_00, "HUF": 20_000_00,
    "ISK": 7_500, "JPY": 8_000, "KRW": 75_000, "KWD": 15_000, "NOK": 550_00, "NZD": 90_00, "PLN": 200_00,
    "RON": 250_00, "SEK": 550_00, "SGD": 75_00,
}  # fmt: skip


def add(apps, schema_editor):
    schedule = apps.get_model("payments", "FeeSchedule")
    schedule.objects.bulk_create(
        schedule(
            country="*", currency=currency, method=method, valid_from=SINCE, bps=bps, fixed_minor=fixed, source=SOURCE
        )
        for currency, method, bps, fixed in PRICES
    )
    accounts = apps.get_model("payments", "Account").objects.filter(payout_minimum_minor=WAS)
    for currency, minimum in MINIMUMS.items():
        accounts.filter(currency=currency).update(payout_minimum_minor=minimum)


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_payouts_to_known_banks")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
