"""What a person has to look at, what the last look found, and Stripe's list of what moved our balance."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0004_wallets_and_shares'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('severity', models.CharField(choices=[('critical', 'critical'), ('warning', 'warning')], max_length=8)),
                ('sentence', models.CharField(max_length=200)),
                ('offending', models.PositiveIntegerField(default=0, help_text='Rows that break it; counted up to a limit.')),
                ('milliseconds', models.PositiveIntegerField(default=0)),
                ('trouble', models.CharField(blank=True, help_text='Why it could not be looked at last time.', max_length=200)),
                ('checked_at', models.DateTimeField(blank=True, help_text='When it was last looked at with success.', null=True)),
                ('broken_since', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('since', models.DateTimeField(blank=True, help_text='Lines from then on; from the beginning if empty.', null=True)),
                ('cursor', models.CharField(blank=True, help_text='The last line copied, of a list from new to old.', max_length=64)),
                ('lines_copied', models.BooleanField(default=False, help_text='All lines since then, up to the start, are here.')),
                ('payee_after', models.BigIntegerField(default=0, help_text='The last payee whose balance was compared.')),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('trouble', models.CharField(blank=True, help_text='Why it could not go on last time.', max_length=300)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='StripeLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_id', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(help_text="Stripe's type: charge, refund, transfer …", max_length=40)),
                ('thing', models.CharField(blank=True, help_text='The charge, refund … it is about.', max_length=64)),
                ('amount_minor', models.BigIntegerField()),
                ('fee_minor', models.BigIntegerField()),
                ('net_minor', models.BigIntegerField(help_text='What it changed in our balance.')),
                ('currency', models.CharField(max_length=3)),
                ('happened_at', models.DateTimeField(db_index=True)),
                ('matched_at', models.DateTimeField(blank=True, help_text='When its one posting was found to agree.', null=True)),
            ],
            options={
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('matched_at', None)), fields=['happened_at'], name='line_unmatched')],
                'constraints': [models.CheckConstraint(condition=models.Q(('net_minor', django.db.models.expressions.CombinedExpression(models.F('amount_minor'), '-', models.F('fee_minor')))), name='line_adds_up')],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('unbooked', 'moved at Stripe, not in our books'), ('unseen', 'in our books, not at Stripe'), ('different', 'another sum at Stripe than in our books'), ('balance', 'our balance at Stripe differs'), ('payee_balance', "a payee's balance at Stripe differs"), ('invariant', 'a rule of the books is broken'), ('ageing', 'money is held for long')], max_length=16)),
                ('key', models.CharField(help_text='What it is about: open once, however often it is seen.', max_length=120)),
                ('text', models.CharField(max_length=300)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('things', models.JSONField(blank=True, default=list, help_text='What is wrong, by name: closing answers for these.')),
                ('amount_minor', models.BigIntegerField(blank=True, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('opened_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it was last found to be so.')),
                ('cleared_at', models.DateTimeField(blank=True, help_text='Since when it is no longer so.', null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('account', models.ForeignKey(blank=True, help_text='Not paid out.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='payments.account')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['key', '-closed_at'], name='case_last_closed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('key',), name='case_open_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['unbooked', 'unseen', 'different', 'balance', 'payee_balance', 'invariant', 'ageing'])), name='case_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('reason', '')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='case_closed_by_somebody_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('amount_minor', None), ('currency', '')), models.Q(('amount_minor__isnull', False), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='case_amount_has_currency')],
            },
        ),
    ]
