"""The search reads the newest posts too: their words are copied beside the profile's."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

WORDS = ("display_name", "handle", "bio", "town_label", "niche_words")
_FILL = """
    UPDATE creators_creator c SET post_words = fresh.words
    FROM (
        SELECT p.creator_id, string_agg(left(p.text, 400), E'\n' ORDER BY p.nth) AS words
        FROM (
            SELECT ch.creator_id, po.text,
                row_number() OVER (PARTITION BY ch.creator_id ORDER BY po.posted_on DESC NULLS LAST, po.id DESC) AS nth
            FROM creators_post po JOIN creators_channel ch ON ch.id = po.channel_id WHERE po.text <> ''
        ) p WHERE p.nth <= 8 GROUP BY p.creator_id
    ) fresh WHERE c.id = fresh.creator_id
"""


def words(*names):
    return models.GeneratedField(
        db_persist=True,
        expression=django.contrib.postgres.search.SearchVector(*names, config="simple"),
        output_field=django.contrib.postgres.search.SearchVectorField(),
    )


class Migration(migrations.Migration):
    dependencies = [("creators", "0001_initial")]

    operations = [
        migrations.AddField(
            "creator",
            "post_words",
            models.TextField(
                blank=True, default="", db_default="", help_text="The newest posts' texts, cut short, for the search."
            ),
        ),
        migrations.AlterField(
            "creator",
            "handle",
            models.SlugField(
                max_length=40,
                unique=True,
                help_text="Your page will be at /c/handle.",
                error_messages={"unique": "This page address is taken already. Try another one."},
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex("creator", "creator_by_words"),
        migrations.RemoveField("creator", "words"),
        migrations.AddField("creator", "words", words(*WORDS, "post_words")),
        migrations.AddIndex(
            "creator", django.contrib.postgres.indexes.GinIndex(fields=["words"], name="creator_by_words")
        ),
    ]
