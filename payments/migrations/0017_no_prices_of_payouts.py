"""The schedule keeps no prices of payouts: nothing ever read them, and Stripe itself says what a payout costs."""

from django.db import migrations

METHODS = ("payout", "payout_instant")


def remove(apps, schema_editor):
    apps.get_model("payments", "FeeSchedule").objects.filter(method__in=METHODS).delete()


class Migration(migrations.Migration):
    dependencies = [("payments", "0016_entries_in_time")]
    operations = [migrations.RunPython(remove, migrations.RunPython.noop)]
