from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0014_evidence_refused")]
    operations = [
        migrations.AddField(
            model_name="account",
            name="asked_at",
            field=models.DateTimeField(blank=True, help_text="When Stripe was last asked how it stands.", null=True),
        ),
    ]
