"""Searches that a business keeps, with whom it has seen and whom it has not."""

import django.contrib.postgres.fields
import django.db.models.deletion
import marketplace.kit.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0012_impressions_and_learned_weights'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=marketplace.kit.models.new_public_id, editable=False, max_length=14, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('name', models.CharField(max_length=60)),
                ('wanted', models.JSONField(help_text='The filters, as creators.search keeps them.')),
                ('is_told', models.BooleanField(default=True, help_text='Whether a notice tells of new finds.')),
                ('known', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('fresh', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('floor', models.BigIntegerField(default=0)),
                ('looked_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField(db_index=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('business', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='searches', to='campaigns.business')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'saved searches',
                'ordering': ['-created_at', '-id'],
                'constraints': [models.UniqueConstraint(fields=('business', 'name'), name='one_search_per_name'), models.CheckConstraint(condition=models.Q(('name__regex', '[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]'), _negated=True), name='search_name_one_line', violation_error_message='Write this in one line.')],
            },
        ),
    ]
