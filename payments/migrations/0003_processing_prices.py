"""The published processing prices an estimate starts from. Operators add rows with their own prices in the admin."""

from datetime import date

from django.db import migrations

SINCE = date(2024, 1, 1)
SOURCE = "stripe.com/pricing, standard online price"
# country, currency, method, basis points, fixed part, cap
PRICES = [
    ("*", "USD", "card", 290, 30, None),
    ("*", "EUR", "card", 150, 25, None),
    ("*", "GBP", "card", 150, 20, None),
    ("*", "CAD", "card", 290, 30, None),
    ("*", "AUD", "card", 170, 30, None),
    ("*", "CHF", "card", 290, 30, None),
    ("*", "JPY", "card", 360, 0, None),
    ("*", "USD", "us_bank_account", 80, 0, 500),
    ("*", "EUR", "sepa_debit", 0, 35, None),
]


def add(apps, schema_editor):
    schedule = apps.get_model("payments", "FeeSchedule")
    schedule.objects.bulk_create(
        schedule(
            country=country, currency=currency, method=method, valid_from=SINCE, bps=bps, fixed_minor=fixed,
            cap_minor=cap, source=SOURCE,
        )
        for country, currency, method, bps, fixed, cap in PRICES
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_books_are_guarded")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
