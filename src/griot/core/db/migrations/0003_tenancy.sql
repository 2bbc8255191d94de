-- Row-level security. The application connects as griot_app, which owns nothing and cannot bypass the
-- policies; each transaction names its shop in the setting griot.shop_id. No shop named: no row seen.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'griot_app') THEN
        CREATE ROLE griot_app NOLOGIN NOBYPASSRLS NOINHERIT;
    END IF;
    EXECUTE format('GRANT griot_app TO %I', current_user);
END $$;

-- Called once for every table of a shop, by the migration that creates it.
CREATE PROCEDURE protect(p_table regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p_table);
    EXECUTE format('CREATE POLICY own_shop ON %s TO griot_app USING (shop_id = current_shop()) '
                   'WITH CHECK (shop_id = current_shop())', p_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO griot_app', p_table);
END $$;
REVOKE ALL ON PROCEDURE protect FROM PUBLIC;

CALL protect('shops');
CALL protect('channel_accounts');
CALL protect('customers');
CALL protect('identities');
CALL protect('conversations');
CALL protect('messages');
CALL protect('turns');
CALL protect('statuses');
CALL protect('ignored_updates');
CALL protect('outbox');
CALL protect('products');
CALL protect('variants');
CALL protect('stock_levels');
CALL protect('lives');
CALL protect('orders');
CALL protect('holds');
CALL protect('waitlist');
CALL protect('provider_accounts');
CALL protect('payments');
CALL protect('payment_notices');
CALL protect('refunds');
CALL protect('escalations');
CALL protect('events');
REVOKE INSERT, DELETE ON shops FROM griot_app;
REVOKE UPDATE, DELETE ON events, payment_notices FROM griot_app;
GRANT USAGE ON SCHEMA griot TO griot_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA griot TO griot_app;

-- Doors: the few questions that must be asked before a shop is known. Each runs as the owner, answers with
-- ids and nothing of a shop's content, and is all that crosses shops.

-- Which shop and account a delivery of a channel belongs to; app_secret is the encrypted key that signs it.
CREATE FUNCTION door_account(p_channel text, p_external_id text)
RETURNS TABLE (shop_id bigint, account_id bigint, app_secret bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT shop_id, id, app_secret FROM channel_accounts
     WHERE channel = p_channel AND external_id = p_external_id ORDER BY created_at, id LIMIT 1
$$;

-- Every shop's id and slug, for the command line.
CREATE FUNCTION door_shops() RETURNS TABLE (shop_id bigint, slug text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT shop_id, slug FROM shops ORDER BY shop_id
$$;

-- Shops with unanswered messages.
CREATE FUNCTION door_turns() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT DISTINCT shop_id FROM messages WHERE turn_id IS NULL
$$;

-- Shops with messages to send, or whose sending has to be looked into, and since when. What is dated after now was
-- written before the clock was set back.
CREATE FUNCTION door_sends(p_now timestamptz) RETURNS TABLE (shop_id bigint, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT shop_id, least(min(next_at), p_now) FROM outbox
     WHERE status IN ('queued', 'sending', 'unknown')
       AND (next_at <= p_now OR coalesce(claimed_at, created_at) > p_now) GROUP BY shop_id
$$;

-- Shops where the clock has work: a reminder, an overdue order, a payment to ask about, stock that came back for
-- somebody who waits.
CREATE FUNCTION door_due(p_now timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT shop_id FROM orders WHERE remind_at <= p_now AND status IN ('reserved', 'awaiting_payment')
    UNION SELECT shop_id FROM orders WHERE expires_at <= p_now AND status IN ('reserved', 'awaiting_payment')
    UNION SELECT shop_id FROM payments WHERE next_check_at <= p_now
    UNION SELECT w.shop_id FROM waitlist w
            JOIN stock_levels s ON s.shop_id = w.shop_id AND s.variant_id = w.variant_id AND s.on_hand >= w.quantity
           WHERE w.status = 'waiting'
$$;

-- Deliveries for an account that no shop has connected are kept under shop 0, which nobody can be.
CREATE FUNCTION door_unrouted(p_channel text, p_now timestamptz, p_ignored jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    INSERT INTO ignored_updates (shop_id, channel, digest, what, why, raw, received_at)
    SELECT 0, p_channel, digest, what, why, coalesce(raw, 'null'), p_now
      FROM jsonb_to_recordset(p_ignored) AS x(digest text, what text, why text, raw jsonb)
    ON CONFLICT DO NOTHING
$$;

REVOKE ALL ON FUNCTION door_account, door_shops, door_turns, door_sends, door_due, door_unrouted FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_account, door_shops, door_turns, door_sends, door_due, door_unrouted TO griot_app;
