from django.db import migrations

NOTE = """
CREATE FUNCTION creators_note_difference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN  -- the column of the creator, the key of the row, then the columns of which one has to differ
    EXECUTE (
        SELECT format(
            'INSERT INTO creators_creatorchange (creator_id, xact)'
            ' SELECT DISTINCT touched.%I, pg_current_xact_id()::text::bigint'
            ' FROM touched LEFT JOIN before ON before.%I = touched.%I WHERE (%s) IS DISTINCT FROM (%s)',
            TG_ARGV[0], TG_ARGV[1], TG_ARGV[1],
            string_agg(format('touched.%I', name), ', '), string_agg(format('before.%I', name), ', ')
        ) FROM unnest(TG_ARGV[2:]) AS name
    );
    RETURN NULL;
END $$;
"""
# What a ranking reads (`campaigns.shortlist.reading`). The rest changes often: dates of refreshing, texts of pages.
CREATOR = (
    "state", "user_id", "country", "currency", "minimum_fee_minor", "price_from_minor", "languages", "platforms",
    "exclusions", "followers", "engagement_rate", "engagement_posts", "reply_rate", "genuine_share", "comment_words",
    "comments_seen", "latitude", "longitude", "sponsored_share",
)  # fmt: skip
VECTOR = ("model", "vector")


def trigger(table: str, owner: str, key: str, columns: tuple[str, ...]) -> str:
    arguments = ", ".join(f"'{name}'" for name in (owner, key, *columns))
    return f"""
        DROP TRIGGER {table}_noted_update ON {table};
        CREATE TRIGGER {table}_noted_update AFTER UPDATE ON {table}
        REFERENCING OLD TABLE AS before NEW TABLE AS touched FOR EACH STATEMENT
        EXECUTE FUNCTION creators_note_difference({arguments});
    """


def as_before(table: str, owner: str) -> str:
    return f"""
        DROP TRIGGER {table}_noted_update ON {table};
        CREATE TRIGGER {table}_noted_update AFTER UPDATE ON {table} REFERENCING NEW TABLE AS touched
        FOR EACH STATEMENT EXECUTE FUNCTION creators_note_change('{owner}');
    """


class Migration(migrations.Migration):

    dependencies = [
        ('creators', '0005_changes_are_noted'),
    ]

    operations = [
        migrations.RunSQL(NOTE, "DROP FUNCTION creators_note_difference();"),
        migrations.RunSQL(
            trigger("creators_creator", "id", "id", CREATOR), as_before("creators_creator", "id")
        ),
        migrations.RunSQL(
            trigger("creators_creatorvector", "creator_id", "creator_id", VECTOR),
            as_before("creators_creatorvector", "creator_id"),
        ),
    ]
