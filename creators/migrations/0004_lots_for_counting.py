"""A lot of a large pool stands for all of it when facets are counted; an index finds its creators."""

from django.db import migrations, models
from django.db.models.functions import Mod


class Migration(migrations.Migration):
    dependencies = [("creators", "0003_one_line")]

    operations = [
        migrations.AddIndex(
            "creator", models.Index(models.F("state"), Mod(models.F("id"), 64), name="creator_by_lot")
        ),
    ]
