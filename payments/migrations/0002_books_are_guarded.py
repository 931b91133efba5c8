"""PostgreSQL keeps the books honest, whoever writes: balanced, append-only, guarded balances moved by entries alone."""

from django.db import migrations

TABLES = ("payments_posting", "payments_entry", "payments_balance")
GUARDED = (
    "hold", "transit", "refunding", "affiliate_payable", "wallet",
    "memo:connected", "memo:paying_out", "memo:paid_out",
)  # fmt: skip

APPEND_ONLY = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payments_posting_append_only BEFORE UPDATE OR DELETE ON payments_posting
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_entry_append_only BEFORE UPDATE OR DELETE ON payments_entry
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_posting_no_truncate BEFORE TRUNCATE ON payments_posting
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_entry_no_truncate BEFORE TRUNCATE ON payments_entry
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_balance_no_truncate BEFORE TRUNCATE ON payments_balance
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
"""

BALANCED = """
CREATE FUNCTION payments_check_posting(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_entry WHERE posting_id = checked) THEN
        RAISE EXCEPTION 'posting % has no entries', checked USING ERRCODE = 'check_violation';
    END IF;
    SELECT currency, sum(minor) AS total INTO wrong FROM payments_entry WHERE posting_id = checked
        GROUP BY currency, chart LIKE 'memo:%' HAVING sum(minor) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'posting % does not balance: % %', checked, wrong.total, wrong.currency
            USING ERRCODE = 'check_violation';
    END IF;
END $$;
CREATE FUNCTION payments_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_check_posting(NEW.posting_id);
    RETURN NULL;
END $$;
CREATE FUNCTION payments_posting_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_check_posting(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_entry_balances AFTER INSERT ON payments_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
CREATE CONSTRAINT TRIGGER payments_posting_balances AFTER INSERT ON payments_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_posting_balances();
"""

MOVED_BY_ENTRIES = f"""
CREATE FUNCTION payments_guarded() RETURNS text[] LANGUAGE sql IMMUTABLE AS
    $$ SELECT ARRAY[{", ".join(f"'{name}'" for name in GUARDED)}] $$;
CREATE FUNCTION payments_entry_moves_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.chart = ANY (payments_guarded()) THEN
        RETURN NULL;
    END IF;
    IF NEW.owner = '' THEN
        RAISE EXCEPTION 'an entry on % needs an owner', NEW.chart USING ERRCODE = 'check_violation';
    END IF;
    -- Update first: an INSERT … ON CONFLICT would check the new row's sign before it meets the old one.
    UPDATE payments_balance SET minor = minor - NEW.minor
        WHERE chart = NEW.chart AND owner = NEW.owner AND currency = NEW.currency;
    IF NOT FOUND THEN
        INSERT INTO payments_balance (chart, owner, currency, minor)
            VALUES (NEW.chart, NEW.owner, NEW.currency, -NEW.minor)
            ON CONFLICT (chart, owner, currency)
            DO UPDATE SET minor = payments_balance.minor + EXCLUDED.minor;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_entry_moves_balance AFTER INSERT ON payments_entry
    FOR EACH ROW EXECUTE FUNCTION payments_entry_moves_balance();
CREATE FUNCTION payments_balance_by_entries_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'balances are moved by entries alone: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_balance_by_entries_only BEFORE INSERT OR UPDATE OR DELETE ON payments_balance
    FOR EACH ROW EXECUTE FUNCTION payments_balance_by_entries_only();
"""

UNDO = """
DROP TRIGGER payments_posting_append_only ON payments_posting;
DROP TRIGGER payments_entry_append_only ON payments_entry;
DROP TRIGGER payments_posting_no_truncate ON payments_posting;
DROP TRIGGER payments_entry_no_truncate ON payments_entry;
DROP TRIGGER payments_balance_no_truncate ON payments_balance;
DROP TRIGGER payments_entry_balances ON payments_entry;
DROP TRIGGER payments_posting_balances ON payments_posting;
DROP TRIGGER payments_entry_moves_balance ON payments_entry;
DROP TRIGGER payments_balance_by_entries_only ON payments_balance;
DROP FUNCTION payments_refuse_change();
DROP FUNCTION payments_entry_balances();
DROP FUNCTION payments_posting_balances();
DROP FUNCTION payments_check_posting(bigint);
DROP FUNCTION payments_entry_moves_balance();
DROP FUNCTION payments_balance_by_entries_only();
DROP FUNCTION payments_guarded();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY + BALANCED + MOVED_BY_ENTRIES, UNDO)]
