from django.conf import settings
from django.db import migrations, models

from marketplace.kit.texts import BREAKS


class Migration(migrations.Migration):

    dependencies = [
        ('creators', '0002_posts_are_searched'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE creators_creator SET display_name = regexp_replace(display_name, '{}', ' ', 'g') WHERE display_name ~ '{}'".format(BREAKS, BREAKS),
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='creator',
            constraint=models.CheckConstraint(condition=models.Q(('display_name__regex', '[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]'), _negated=True), name='creator_name_one_line', violation_error_message='Write this in one line.'),
        ),
    ]
