from django.db import migrations

# A signed offer's brief stands in its contract. An unsigned one gets today's, which its creator reads before signing.
FILL = """
UPDATE campaigns_terms AS t
SET brief = COALESCE(
    w.contract -> 'brief',
    jsonb_build_object(
        'title', c.title, 'product', c.product, 'message', c.message, 'dos', c.dos, 'donts', c.donts
    )
)
FROM campaigns_offer AS o
JOIN campaigns_campaign AS c ON c.id = o.campaign_id
LEFT JOIN campaigns_collaboration AS w ON w.offer_id = o.id
WHERE o.id = t.offer_id AND t.brief = '{}'::jsonb
"""


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_terms_keep_their_brief'),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
