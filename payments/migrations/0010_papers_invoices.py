"""Invoices and credit notes: numbered by PostgreSQL without gaps, and never changed, whoever writes."""

import django.db.models.deletion
import marketplace.kit.models
from django.db import migrations, models

NUMBERED = """
CREATE FUNCTION payments_number_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first payments_invoice%ROWTYPE;
    credited bigint;
BEGIN
    IF NEW.corrects_id IS NOT NULL THEN
        SELECT * INTO first FROM payments_invoice WHERE id = NEW.corrects_id FOR NO KEY UPDATE;
        SELECT coalesce(sum(amount_minor), 0) INTO credited FROM payments_invoice WHERE corrects_id = first.id;
        IF first.corrects_id IS NOT NULL OR first.issuer_id IS DISTINCT FROM NEW.issuer_id
                OR first.recipient_id <> NEW.recipient_id OR first.about <> NEW.about
                OR first.currency <> NEW.currency OR credited + NEW.amount_minor > first.amount_minor THEN
            RAISE EXCEPTION 'this is no credit note for invoice %', first.id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    INSERT INTO payments_invoiceseries (issuer_id, year, last) VALUES (NEW.issuer_id, NEW.year, 1)
        ON CONFLICT (issuer_id, year) DO UPDATE SET last = payments_invoiceseries.last + 1
        RETURNING last INTO NEW.number;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_number_invoice BEFORE INSERT ON payments_invoice
    FOR EACH ROW EXECUTE FUNCTION payments_number_invoice();
CREATE FUNCTION payments_series_by_invoices_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'invoices alone move their series: % refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_series_by_invoices_only BEFORE INSERT OR UPDATE OR DELETE ON payments_invoiceseries
    FOR EACH ROW EXECUTE FUNCTION payments_series_by_invoices_only();
-- A number that was taken and not used, as by ON CONFLICT DO NOTHING, must not be committed.
CREATE FUNCTION payments_series_has_no_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM payments_invoice
        WHERE issuer_id IS NOT DISTINCT FROM NEW.issuer_id AND year = NEW.year AND number = NEW.last
    ) THEN
        RAISE EXCEPTION 'number % of % has no invoice', NEW.last, NEW.year USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_series_has_no_gap AFTER INSERT OR UPDATE ON payments_invoiceseries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_series_has_no_gap();
"""

APPEND_ONLY = """
CREATE FUNCTION payments_invoice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an invoice is never changed: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payments_invoice_append_only BEFORE UPDATE OR DELETE ON payments_invoice
    FOR EACH ROW EXECUTE FUNCTION payments_invoice_stays();
CREATE TRIGGER payments_invoice_no_truncate BEFORE TRUNCATE ON payments_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION payments_invoice_stays();
CREATE TRIGGER payments_invoiceseries_no_truncate BEFORE TRUNCATE ON payments_invoiceseries
    FOR EACH STATEMENT EXECUTE FUNCTION payments_invoice_stays();
"""

UNDO = """
DROP TRIGGER payments_number_invoice ON payments_invoice;
DROP TRIGGER payments_series_by_invoices_only ON payments_invoiceseries;
DROP TRIGGER payments_series_has_no_gap ON payments_invoiceseries;
DROP TRIGGER payments_invoice_append_only ON payments_invoice;
DROP TRIGGER payments_invoice_no_truncate ON payments_invoice;
DROP TRIGGER payments_invoiceseries_no_truncate ON payments_invoiceseries;
DROP FUNCTION payments_number_invoice();
DROP FUNCTION payments_series_by_invoices_only();
DROP FUNCTION payments_series_has_no_gap();
DROP FUNCTION payments_invoice_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0009_prices_of_payouts'),
    ]

    operations = [
        migrations.CreateModel(
            name='InvoiceDetails',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Of the person or company, as the tax office knows it.', max_length=120)),
                ('address', models.TextField(blank=True, max_length=300)),
                ('tax_id', models.CharField(blank=True, max_length=40)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='invoice_details', to='payments.account')),
            ],
            options={
                'verbose_name_plural': 'invoice details',
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=marketplace.kit.models.new_public_id, editable=False, max_length=14, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('about', models.CharField(choices=[('work', 'Work'), ('fee', 'Platform fee')], max_length=4)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField(default=0, help_text='Given by PostgreSQL when it is written.')),
                ('prefix', models.CharField(max_length=20)),
                ('issued_on', models.DateField(help_text='UTC, like the books.')),
                ('served_on', models.DateField()),
                ('amount_minor', models.BigIntegerField(help_text='The whole amount, as in the books, taxes included.')),
                ('tax_minor', models.BigIntegerField(default=0)),
                ('tax_bps', models.PositiveIntegerField(default=0)),
                ('currency', models.CharField(max_length=3)),
                ('text', models.TextField(max_length=1000)),
                ('reference', models.CharField(help_text="The contract, in the caller's words.", max_length=120)),
                ('seller', models.JSONField(help_text='name, address (lines), country, tax_id; as they were.')),
                ('buyer', models.JSONField()),
                ('is_demo', models.BooleanField(default=False, help_text='No real money, or nobody who issues invoices.')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='payments.invoice')),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='payments.hold')),
                ('issuer', models.ForeignKey(blank=True, help_text='In whose name; none: ours.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invoices_issued', to='payments.account')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices_received', to='payments.account')),
                ('refund', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='payments.refund')),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='payments.transfer')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('issuer', 'year', 'number'), name='one_invoice_per_number', nulls_distinct=False), models.UniqueConstraint(condition=models.Q(('corrects', None)), fields=('transfer', 'about'), name='one_invoice_per_transfer'), models.UniqueConstraint(condition=models.Q(('corrects__isnull', False)), fields=('refund', 'corrects'), name='one_credit_note_per_refund'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0), ('tax_minor__gte', 0), ('tax_minor__lt', models.F('amount_minor'))), name='invoice_amount_positive'), models.CheckConstraint(condition=models.Q(models.Q(('about', 'work'), ('issuer__isnull', False), ('tax_minor', 0)), models.Q(('about', 'fee'), ('issuer', None)), _connector='OR'), name='invoice_is_the_issuers'), models.CheckConstraint(condition=models.Q(models.Q(('corrects', None), ('refund', None)), models.Q(('corrects__isnull', False), ('refund__isnull', False)), _connector='OR'), name='credit_note_has_a_reason'), models.CheckConstraint(condition=models.Q(('issued_on__year', models.F('year'))), name='invoice_counts_in_its_year')],
            },
        ),
        migrations.CreateModel(
            name='InvoiceSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField()),
                ('issuer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.account')),
            ],
            options={
                'verbose_name_plural': 'invoice series',
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('issuer', 'year'), name='one_series_per_year', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(NUMBERED + APPEND_ONLY, UNDO),
    ]
