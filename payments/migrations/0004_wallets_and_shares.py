"""Wallets that pay for holds, several payees of one hold, and checkouts that know what is paid on them."""

import django.db.models.deletion
import marketplace.kit.models
from django.db import migrations, models


# What a payer pays on the page of a hold is the hold's total; pages for anything else came later.
FILL = """
UPDATE payments_checkout SET currency = hold.currency, total_minor = hold.amount_minor + hold.fee_minor
    FROM payments_hold hold WHERE hold.id = payments_checkout.hold_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0003_processing_prices'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minor', models.BigIntegerField()),
                ('returned_minor', models.BigIntegerField(default=0, help_text='What came back into the wallet by a refund.')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_minor', models.BigIntegerField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Wallet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=marketplace.kit.models.new_public_id, editable=False, max_length=14, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('currency', models.CharField(max_length=3)),
                ('reference', models.CharField(db_index=True, help_text="The caller's own name for this; opaque here.", max_length=64)),
                ('description', models.CharField(max_length=200)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('open', 'open'), ('closed', 'closed')], default='open', max_length=8)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='transfer',
            name='one_release_per_hold',
        ),
        migrations.AddField(
            model_name='checkout',
            name='currency',
            field=models.CharField(default='EUR', max_length=3),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='checkout',
            name='total_minor',
            field=models.BigIntegerField(default=1, help_text='What the payer pays on the page.'),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='checkout',
            name='hold',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checkouts', to='payments.hold'),
        ),
        migrations.AlterField(
            model_name='refund',
            name='checkout',
            field=models.ForeignKey(blank=True, help_text='The payment it goes back through; none when it goes into a wallet.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.checkout'),
        ),
        migrations.AlterField(
            model_name='refund',
            name='hold',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.hold'),
        ),
        migrations.AlterField(
            model_name='refund',
            name='operation',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refund', to='payments.operation'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('hold', 'payee'), name='one_release_per_payee'),
        ),
        migrations.AddField(
            model_name='draw',
            name='checkout',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='payments.checkout'),
        ),
        migrations.AddField(
            model_name='draw',
            name='hold',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='payments.hold'),
        ),
        migrations.AddField(
            model_name='share',
            name='hold',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='payments.hold'),
        ),
        migrations.AddField(
            model_name='share',
            name='payee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='payments.account'),
        ),
        migrations.AddField(
            model_name='wallet',
            name='payer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wallets', to='payments.account'),
        ),
        migrations.AddField(
            model_name='checkout',
            name='wallet',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checkouts', to='payments.wallet'),
        ),
        migrations.AddField(
            model_name='hold',
            name='wallet',
            field=models.ForeignKey(blank=True, help_text='The wallet that paid for it, if one did; what is refunded goes back there.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='payments.wallet'),
        ),
        migrations.AddField(
            model_name='operation',
            name='wallet',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='operations', to='payments.wallet'),
        ),
        migrations.AddField(
            model_name='posting',
            name='wallet',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='payments.wallet'),
        ),
        migrations.AddField(
            model_name='refund',
            name='wallet',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.wallet'),
        ),
        migrations.AddConstraint(
            model_name='checkout',
            constraint=models.CheckConstraint(condition=models.Q(('total_minor__gt', 0)), name='checkout_total_positive'),
        ),
        migrations.AddConstraint(
            model_name='checkout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hold', None), ('wallet__isnull', False)), models.Q(('hold__isnull', False), ('wallet', None)), _connector='OR'), name='checkout_pays_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checkout__isnull', False), ('hold__isnull', False), ('wallet', None)), models.Q(('checkout', None), ('hold__isnull', False), ('operation', None), ('wallet__isnull', False)), models.Q(('checkout__isnull', False), ('hold', None), ('wallet__isnull', False)), _connector='OR'), name='refund_has_a_way'),
        ),
        migrations.AddConstraint(
            model_name='draw',
            constraint=models.UniqueConstraint(fields=('hold', 'checkout'), name='one_draw_per_payment'),
        ),
        migrations.AddConstraint(
            model_name='draw',
            constraint=models.CheckConstraint(condition=models.Q(('minor__gt', 0), ('returned_minor__gte', 0), ('returned_minor__lte', models.F('minor'))), name='draw_returns_at_most_itself'),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=models.UniqueConstraint(fields=('hold', 'payee'), name='one_share_per_payee'),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='share_positive'),
        ),
        migrations.AddConstraint(
            model_name='wallet',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed'])), name='wallet_state_known'),
        ),
    ]
