from django.db import migrations, models

NOTE = """
CREATE FUNCTION creators_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_NARGS = 0 THEN  -- everybody
        INSERT INTO creators_creatorchange (creator_id, xact) VALUES (0, pg_current_xact_id()::text::bigint);
    ELSE
        EXECUTE format(
            'INSERT INTO creators_creatorchange (creator_id, xact)'
            ' SELECT DISTINCT %I, pg_current_xact_id()::text::bigint FROM touched', TG_ARGV[0]
        );
    END IF;
    RETURN NULL;
END $$;
"""
TABLES = {
    "creators_creator": "id",
    "creators_creatorniche": "creator_id",
    "creators_creatorvector": "creator_id",
    "creators_rate": "creator_id",
}


def triggers() -> str:
    """One for each table and kind of statement: a statement that writes thousands of rows is noted at once."""
    found = []
    for table, column in TABLES.items():
        for verb, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
            found.append(
                f"CREATE TRIGGER {table}_noted_{verb} AFTER {verb.upper()} ON {table}"
                f" REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT"
                f" EXECUTE FUNCTION creators_note_change('{column}');"
            )
        found.append(
            f"CREATE TRIGGER {table}_noted_truncate AFTER TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION creators_note_change();"
        )
    found.append(
        "CREATE TRIGGER creators_niche_noted_slug AFTER UPDATE OF slug ON creators_niche"
        " FOR EACH STATEMENT EXECUTE FUNCTION creators_note_change();"
    )
    return "\n".join(found)


def no_triggers() -> str:
    return "DROP TRIGGER creators_niche_noted_slug ON creators_niche;\n" + "\n".join(
        f"DROP TRIGGER {table}_noted_{verb} ON {table};"
        for table in TABLES
        for verb in ("insert", "update", "delete", "truncate")
    )


class Migration(migrations.Migration):

    dependencies = [
        ('creators', '0004_lots_for_counting'),
    ]

    operations = [
        migrations.CreateModel(
            name='CreatorChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('creator_id', models.BigIntegerField()),
                ('xact', models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.RunSQL(NOTE, "DROP FUNCTION creators_note_change();"),
        migrations.RunSQL(triggers(), no_triggers()),
    ]
