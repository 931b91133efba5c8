"""Bank disputes, reversals and claims, and the memo account on which money waits on its way back."""

import django.db.models.deletion
import marketplace.kit.models
from django.db import migrations, models


GUARDED = (
    "hold", "transit", "refunding", "affiliate_payable", "wallet",
    "memo:connected", "memo:reversing", "memo:paying_out", "memo:paid_out",
)  # fmt: skip
GUARD = f"""
CREATE OR REPLACE FUNCTION payments_guarded() RETURNS text[] LANGUAGE sql IMMUTABLE AS
    $$ SELECT ARRAY[{", ".join(f"'{name}'" for name in GUARDED)}] $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0004_wallets_and_shares'),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=marketplace.kit.models.new_public_id, editable=False, max_length=14, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('amount_minor', models.BigIntegerField()),
                ('recovered_minor', models.BigIntegerField(default=0)),
                ('currency', models.CharField(max_length=3)),
                ('reason', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('open', 'owed'), ('recovered', 'paid back'), ('written_off', 'written off')], default='open', max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=marketplace.kit.models.new_public_id, editable=False, max_length=14, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('stripe_id', models.CharField(max_length=64, unique=True)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reason', models.CharField(help_text="The bank's, in Stripe's words.", max_length=60)),
                ('due_at', models.DateTimeField(blank=True, help_text='Evidence counts until then.', null=True)),
                ('evidence', models.JSONField(blank=True, default=dict, help_text="What will be, or was, sent; in Stripe's fields.")),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('inquiry', 'the bank asks'), ('needs_response', 'evidence wanted'), ('under_review', 'the bank judges'), ('won', 'won'), ('lost', 'lost'), ('closed', 'came to nothing')], default='needs_response', max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='Reversal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=marketplace.kit.models.new_public_id, editable=False, max_length=14, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('stripe_id', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('refusal', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('sending', 'on its way back'), ('confirmed', 'back'), ('refused', 'refused')], default='sending', max_length=12)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='entry',
            name='entry_on_the_chart',
        ),
        migrations.AddField(
            model_name='refund',
            name='after_release',
            field=models.BooleanField(default=False, help_text='The payee had the money already, and owes it now.'),
        ),
        migrations.AlterField(
            model_name='balance',
            name='chart',
            field=models.CharField(choices=[('stripe', 'asset: our balance at Stripe'), ('bank', 'asset: our bank account'), ('receivable:dispute', 'asset: money a bank took back while it decides'), ('receivable:payee', 'asset: money a payee owes back'), ('hold', 'liability: secured payments'), ('fee_deferred', 'liability: fees taken, not yet earned'), ('transit', "liability: released, not yet at the payee's account"), ('refunding', 'liability: refunds on their way'), ('affiliate_payable', 'liability: commissions owed'), ('wallet', 'liability: funds not yet held for anything'), ('tax_payable', 'liability: taxes owed'), ('platform_fee', 'income: our fee'), ('processing', 'expense: what card networks and banks took'), ('connect', "expense: what Stripe takes for payees' accounts"), ('dispute_fee', 'expense: fees for bank disputes'), ('dispute_loss', 'expense: bank disputes lost'), ('affiliate', 'expense: commissions'), ('rounding', 'expense: rounding'), ('memo:received', "memo: all that was moved to payees' accounts"), ('memo:connected', 'memo: what a payee has at Stripe'), ('memo:reversing', "memo: on its way back from a payee's account"), ('memo:paying_out', "memo: on its way to a payee's bank"), ('memo:paid_out', "memo: arrived at a payee's bank")], max_length=24),
        ),
        migrations.AlterField(
            model_name='entry',
            name='chart',
            field=models.CharField(choices=[('stripe', 'asset: our balance at Stripe'), ('bank', 'asset: our bank account'), ('receivable:dispute', 'asset: money a bank took back while it decides'), ('receivable:payee', 'asset: money a payee owes back'), ('hold', 'liability: secured payments'), ('fee_deferred', 'liability: fees taken, not yet earned'), ('transit', "liability: released, not yet at the payee's account"), ('refunding', 'liability: refunds on their way'), ('affiliate_payable', 'liability: commissions owed'), ('wallet', 'liability: funds not yet held for anything'), ('tax_payable', 'liability: taxes owed'), ('platform_fee', 'income: our fee'), ('processing', 'expense: what card networks and banks took'), ('connect', "expense: what Stripe takes for payees' accounts"), ('dispute_fee', 'expense: fees for bank disputes'), ('dispute_loss', 'expense: bank disputes lost'), ('affiliate', 'expense: commissions'), ('rounding', 'expense: rounding'), ('memo:received', "memo: all that was moved to payees' accounts"), ('memo:connected', 'memo: what a payee has at Stripe'), ('memo:reversing', "memo: on its way back from a payee's account"), ('memo:paying_out', "memo: on its way to a payee's bank"), ('memo:paid_out', "memo: arrived at a payee's bank")], max_length=24),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('chart__in', ['stripe', 'bank', 'receivable:dispute', 'receivable:payee', 'hold', 'fee_deferred', 'transit', 'refunding', 'affiliate_payable', 'wallet', 'tax_payable', 'platform_fee', 'processing', 'connect', 'dispute_fee', 'dispute_loss', 'affiliate', 'rounding', 'memo:received', 'memo:connected', 'memo:reversing', 'memo:paying_out', 'memo:paid_out'])), name='entry_on_the_chart'),
        ),
        migrations.AddField(
            model_name='claim',
            name='hold',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='payments.hold'),
        ),
        migrations.AddField(
            model_name='claim',
            name='payee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='payments.account'),
        ),
        migrations.AddField(
            model_name='claim',
            name='refund',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='payments.refund'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='checkout',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='payments.checkout'),
        ),
        migrations.AddField(
            model_name='reversal',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='payments.claim'),
        ),
        migrations.AddField(
            model_name='reversal',
            name='operation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='payments.operation'),
        ),
        migrations.AddField(
            model_name='reversal',
            name='transfer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='payments.transfer'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0), ('recovered_minor__gte', 0), ('recovered_minor__lte', models.F('amount_minor'))), name='claim_recovers_at_most_itself'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'recovered', 'written_off'])), name='claim_state_known'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='dispute_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['inquiry', 'needs_response', 'under_review', 'won', 'lost', 'closed'])), name='dispute_state_known'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='reversal_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['sending', 'confirmed', 'refused'])), name='reversal_state_known'),
        ),
        migrations.AddField(
            model_name='refund',
            name='dispute',
            field=models.OneToOneField(blank=True, help_text="The payer's bank took it by its verdict; nothing was sent.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refund', to='payments.dispute'),
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
