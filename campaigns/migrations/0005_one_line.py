from django.conf import settings
from django.db import migrations, models

from marketplace.kit.texts import BREAKS


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0004_an_offer_answers_an_invitation'),
        ('creators', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE campaigns_business SET name = regexp_replace(name, '{}', ' ', 'g') WHERE name ~ '{}'".format(BREAKS, BREAKS),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE campaigns_campaign SET title = regexp_replace(title, '{}', ' ', 'g') WHERE title ~ '{}'".format(BREAKS, BREAKS),
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='business',
            constraint=models.CheckConstraint(condition=models.Q(('name__regex', '[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]'), _negated=True), name='business_name_one_line', violation_error_message='Write this in one line.'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('title__regex', '[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]'), _negated=True), name='campaign_title_one_line', violation_error_message='Write this in one line.'),
        ),
    ]
