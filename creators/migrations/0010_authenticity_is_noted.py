from importlib import import_module

from django.db import migrations

before = import_module("creators.migrations.0006_only_differences_are_noted")
AUTHENTICITY = ("authenticity", "authenticity_low", "authenticity_high")


def noted(columns: tuple[str, ...]) -> str:
    return before.trigger("creators_creator", "id", "id", columns)


class Migration(migrations.Migration):
    """A changed authenticity changes a ranking, too."""

    dependencies = [
        ('creators', '0009_samples_of_commenters'),
    ]

    operations = [
        migrations.RunSQL(noted((*before.CREATOR, *AUTHENTICITY)), noted(before.CREATOR)),
    ]
