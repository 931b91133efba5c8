"""People can say that they do not want to hear of new finds of saved searches."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("users", "0002_one_line")]

    operations = [
        migrations.AddField(
            "user",
            "wants_finds",
            models.BooleanField(
                db_default=True, default=True, help_text="Whether saved searches tell them of new finds."
            ),
        ),
    ]
