"""What was taken back from a payee into a wallet arrived there at once, and did not say when."""

from django.db import migrations
from django.db.models import F


def tell(apps, schema_editor):
    into_wallets = apps.get_model("payments", "Refund").objects.filter(after_release=True, checkout=None)
    into_wallets.filter(confirmed_at=None).update(confirmed_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("payments", "0018_currency_that_accounts_settle_in")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
