from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0013_verdicts_turned_round")]
    operations = [
        migrations.AddField(
            model_name="dispute",
            name="refusal",
            field=models.CharField(
                blank=True, default="", help_text="Why Stripe did not take the evidence last time.", max_length=300
            ),
            preserve_default=False,
        ),
    ]
