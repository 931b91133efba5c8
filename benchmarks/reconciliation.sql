-- Payments by card, released and paid out, as many as asked for: rows as the services write them.
INSERT INTO payments_account (public_id, created_at, updated_at, kind, name, email, country, currency, stripe_account_id,
        details_submitted, transfers_active, payouts_enabled, requirements, payout_minimum_minor)
    SELECT 'payer' || n, now(), now(), 'payer', 'Oat', 'a@b.example', 'DE', 'EUR', NULL, false, false, false, '[]'::jsonb, 0
        FROM generate_series(1, %(stories)s) n
    UNION ALL SELECT 'payee' || n, now(), now(), 'payee', 'Mina', 'a@b.example', 'DE', 'EUR', 'acct_' || n,
        true, true, true, '[]'::jsonb, 0 FROM generate_series(1, %(stories)s) n;
INSERT INTO payments_hold (public_id, created_at, updated_at, payer_id, payee_id, amount_minor, fee_minor, currency,
        reference, description, due_at, secured_at, closed_at, state)
    SELECT 'hold' || n, now(), now(), payer.id, payee.id, 10000, 900, 'EUR', 'work', 'One reel', now(), now(), now(),
        'released'
    FROM generate_series(1, %(stories)s) n JOIN payments_account payer ON payer.public_id = 'payer' || n
        JOIN payments_account payee ON payee.public_id = 'payee' || n;
INSERT INTO payments_operation (public_id, created_at, updated_at, kind, key, params, acts_as, account_id, hold_id, slot,
        attempt, tries, next_try_at, outcome, result, settled_at, state)
    SELECT what || hold.id, now(), now(), what || '.create', gen_random_uuid(),
        '{"amount": 10000, "currency": "eur"}'::jsonb, '', hold.payee_id, hold.id, what || ':' || hold.public_id, 1, 1, now(),
        'done', '{}', now(), 'done'
    FROM payments_hold hold, unnest(ARRAY['checkout', 'transfer', 'payout']) what;
INSERT INTO payments_checkout (public_id, created_at, updated_at, hold_id, operation_id, stripe_id, url, expires_at,
        payment_intent, charge, method, processing_minor, paid_at, total_minor, currency, state)
    SELECT 'c' || hold.id, now(), now(), hold.id, operation.id, 'cs_' || hold.id, '', now(), 'pi_' || hold.id,
        'ch_' || hold.id, 'card', 189, now(), 10900, 'EUR', 'paid'
    FROM payments_hold hold JOIN payments_operation operation
        ON operation.hold_id = hold.id AND operation.kind = 'checkout.create';
INSERT INTO payments_transfer (public_id, created_at, updated_at, hold_id, payee_id, amount_minor, fee_minor, currency,
        operation_id, stripe_id, confirmed_at, refusal, state)
    SELECT 't' || hold.id, now(), now(), hold.id, payee_id, 10000, 900, 'EUR', operation.id, 'tr_' || hold.id, now(), '',
        'confirmed'
    FROM payments_hold hold JOIN payments_operation operation
        ON operation.hold_id = hold.id AND operation.kind = 'transfer.create';
INSERT INTO payments_payout (public_id, created_at, updated_at, account_id, amount_minor, currency, operation_id,
        stripe_id, paid_at, failure, state)
    SELECT 'p' || hold.id, now(), now(), payee_id, 10000, 'EUR', operation.id, 'po_' || hold.id, now(), '', 'paid'
    FROM payments_hold hold JOIN payments_operation operation
        ON operation.hold_id = hold.id AND operation.kind = 'payout.create';
INSERT INTO payments_posting (key, kind, hold_id, account_id, source, created_at)
    SELECT 'charge:ch_' || id, 'funded', id, NULL::bigint, 'txn_c' || id, now() FROM payments_hold
    UNION ALL SELECT 'transfer:t' || id || ':reserve', 'release_reserved', id, NULL, '', now() FROM payments_hold
    UNION ALL SELECT 'transfer:t' || id || ':confirm', 'release_confirmed', id, payee_id, 'txn_t' || id, now()
        FROM payments_hold;
INSERT INTO payments_posting (key, kind, hold_id, account_id, source, created_at)
    SELECT 'payout:p' || id || ':' || step, 'payout_' || step, NULL, payee_id, '', now()
    FROM unnest(ARRAY['reserve', 'paid']) step, payments_hold;
INSERT INTO payments_entry (posting_id, chart, owner, minor, currency)
    SELECT posting.id, line.chart, CASE line.owner WHEN 'hold' THEN hold.public_id WHEN 'payee' THEN payee.public_id
        ELSE '' END, line.minor, 'EUR'
    FROM payments_posting posting
    JOIN (VALUES
        ('funded', 'stripe', '', 10711), ('funded', 'processing', '', 189), ('funded', 'hold', 'hold', -10900),
        ('release_reserved', 'hold', 'hold', 10900), ('release_reserved', 'platform_fee', '', -900),
        ('release_reserved', 'transit', 'hold', -10000),
        ('release_confirmed', 'transit', 'hold', 10000), ('release_confirmed', 'stripe', '', -10000),
        ('release_confirmed', 'memo:received', '', 10000), ('release_confirmed', 'memo:connected', 'payee', -10000),
        ('payout_reserve', 'memo:connected', 'payee', 10000), ('payout_reserve', 'memo:paying_out', 'payee', -10000),
        ('payout_paid', 'memo:paying_out', 'payee', 10000), ('payout_paid', 'memo:paid_out', 'payee', -10000)
    ) AS line (kind, chart, owner, minor) ON line.kind = posting.kind
    LEFT JOIN payments_hold hold ON hold.id = posting.hold_id
    LEFT JOIN payments_account payee ON payee.id = posting.account_id;
INSERT INTO payments_balance (chart, owner, currency, minor)
    SELECT chart, owner, currency, -sum(minor) FROM payments_entry WHERE owner <> '' GROUP BY chart, owner, currency;
INSERT INTO payments_reconciliation (started_at, cursor, lines_copied, payee_after, counts, trouble, finished_at)
    VALUES (now(), '', true, 0, '{}', '', now());
