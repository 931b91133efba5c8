from django.db import migrations, models

from marketplace.kit.texts import BREAKS


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('users', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE users_user SET name = regexp_replace(name, '{}', ' ', 'g') WHERE name ~ '{}'".format(BREAKS, BREAKS),
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('name__regex', '[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]'), _negated=True), name='user_name_one_line', violation_error_message='Write this in one line.'),
        ),
    ]
