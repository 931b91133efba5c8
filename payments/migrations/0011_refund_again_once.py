"""A refund that is tried again names the one that failed, once; and releases that waited for a refused refund end."""

import django.db.models.deletion
from django.db import migrations, models

# Until now nothing said which refund was the second try: the next one of the same payment and the same sum was.
NAME_SECOND_TRIES = """
WITH pair AS (
    SELECT failed.id AS failed, (
        SELECT min(next.id) FROM payments_refund next
        WHERE next.checkout_id = failed.checkout_id AND next.id > failed.id
            AND (next.amount_minor, next.fee_minor, next.late, next.after_release)
                = (failed.amount_minor, failed.fee_minor, failed.late, failed.after_release)
    ) AS again
    FROM payments_refund failed WHERE failed.state IN ('refused', 'failed')
), once AS (
    SELECT again, max(failed) AS failed FROM pair WHERE again IS NOT NULL GROUP BY again
)
UPDATE payments_refund refund SET again_of_id = once.failed FROM once WHERE refund.id = once.again;
"""

# A refund that was refused beside a release kept the hold on its way, though everything had arrived.
END_RELEASES = """
UPDATE payments_hold hold SET state = 'released', updated_at = now(), closed_at = (
    SELECT max(confirmed_at) FROM payments_transfer transfer WHERE transfer.hold_id = hold.id
)
WHERE state = 'releasing'
    AND EXISTS (
        SELECT FROM payments_transfer transfer WHERE transfer.hold_id = hold.id AND transfer.state = 'confirmed'
    )
    AND NOT EXISTS (
        SELECT FROM payments_transfer transfer
        WHERE transfer.hold_id = hold.id AND transfer.state IN ('waiting', 'sending')
    );
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_papers_invoices")]
    operations = [
        migrations.AddField(
            model_name="refund",
            name="again_of",
            field=models.OneToOneField(
                blank=True,
                help_text="The failed refund that this one tries once more.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="again",
                to="payments.refund",
            ),
        ),
        migrations.RunSQL(NAME_SECOND_TRIES + END_RELEASES, migrations.RunSQL.noop),
    ]
