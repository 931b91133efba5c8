"""A posting is written at once: an entry joins only a posting that its own transaction has made.

Balanced entries could be added to a posting of last year, which changed what it said without changing a row of it.
The name of the transaction (the outermost, whatever savepoints it has) stands beside each posting; the models do not
know the column. Postings from before it have none, and take no entries.
"""

from django.db import migrations

CLOSED = """
ALTER TABLE payments_posting ADD COLUMN made_in xid8;
ALTER TABLE payments_posting ALTER COLUMN made_in SET DEFAULT pg_current_xact_id();
CREATE FUNCTION payments_entry_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE late bigint;
BEGIN
    SELECT posting.id INTO late FROM fresh JOIN payments_posting posting ON posting.id = fresh.posting_id
        WHERE posting.made_in IS DISTINCT FROM pg_current_xact_id() LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the ledger is append-only: posting % was written before, it takes no more entries', late
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_entry_in_time AFTER INSERT ON payments_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION payments_entry_in_time();
"""

UNDO = """
DROP TRIGGER payments_entry_in_time ON payments_entry;
DROP FUNCTION payments_entry_in_time();
ALTER TABLE payments_posting DROP COLUMN made_in;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0015_asked_at")]
    operations = [migrations.RunSQL(CLOSED, UNDO)]
