-- Statements that are too hot, or too shared, to be sent from the application piece by piece.

CREATE FUNCTION current_shop() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('griot.shop_id', true), '')::bigint $$;

-- A change of the catalogue tells the processes that keep its codes in memory.
CREATE FUNCTION bump_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE shops SET catalogue_version = catalogue_version + 1 WHERE shop_id = current_shop();
    RETURN NULL;
END $$;
CREATE TRIGGER products_bump AFTER INSERT OR UPDATE OR DELETE ON products
    FOR EACH STATEMENT EXECUTE FUNCTION bump_catalogue();
CREATE TRIGGER variants_bump AFTER INSERT OR UPDATE OR DELETE ON variants
    FOR EACH STATEMENT EXECUTE FUNCTION bump_catalogue();

-- 'LP-2026-0215' comes in, 'LP-2026-0215-A3F2' goes into the row. The four characters are the order's id
-- sent through a one-to-one mixing of 0 .. 32^4-1, so two orders of one day never draw the same.
CREATE FUNCTION complete_reference() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    alphabet constant text := 'A3F2B4C5D6E7G8H9JKLMNPQRSTUVWXYZ';
    mixed bigint := (NEW.id * 741457 + 271828) % 1048576;
    tail text := '';
BEGIN
    FOR i IN 1..4 LOOP
        tail := tail || substr(alphabet, (mixed % 32)::int + 1, 1);
        mixed := mixed / 32;
    END LOOP;
    NEW.reference := NEW.reference || '-' || tail;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_reference BEFORE INSERT ON orders
    FOR EACH ROW EXECUTE FUNCTION complete_reference();

-- Who wrote: the customer behind any of the keys that the channel gave ('user:…', 'phone:…'), made when
-- new. All keys of one update belong to one person, because the channel says so.
CREATE FUNCTION resolve_customer(
    p_channel text, p_keys text[], p_name text, p_phone text, p_now timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_shop bigint := current_shop();
    v_customer bigint;
    v_known int;
BEGIN
    SELECT i.customer_id, count(*) OVER () INTO v_customer, v_known
      FROM identities i
     WHERE i.shop_id = v_shop AND i.channel = p_channel AND i.external_id = ANY (p_keys)
     ORDER BY array_position(p_keys, i.external_id) LIMIT 1;
    IF v_known = cardinality(p_keys) THEN
        RETURN v_customer;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(v_shop || p_channel || k, 0))
       FROM (SELECT k FROM unnest(p_keys) AS k ORDER BY k) AS sorted;
    SELECT i.customer_id INTO v_customer
      FROM identities i
     WHERE i.shop_id = v_shop AND i.channel = p_channel AND i.external_id = ANY (p_keys)
     ORDER BY array_position(p_keys, i.external_id) LIMIT 1;
    IF v_customer IS NULL THEN
        INSERT INTO customers (shop_id, name, phone, created_at)
        VALUES (v_shop, p_name, p_phone, p_now) RETURNING id INTO v_customer;
    END IF;
    INSERT INTO identities (shop_id, channel, external_id, customer_id, created_at)
    SELECT v_shop, p_channel, k, v_customer, p_now FROM unnest(p_keys) AS k
    ON CONFLICT DO NOTHING;
    UPDATE customers SET phone = coalesce(phone, p_phone), name = coalesce(name, p_name)
     WHERE shop_id = v_shop AND id = v_customer AND (phone IS NULL OR name IS NULL);
    RETURN v_customer;
END $$;

-- The thread of a customer on an account, made when new.
CREATE FUNCTION resolve_conversation(
    p_account bigint, p_customer bigint, p_recipient text, p_now timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_shop bigint := current_shop();
    v_conversation bigint;
BEGIN
    SELECT id INTO v_conversation FROM conversations
     WHERE shop_id = v_shop AND account_id = p_account AND customer_id = p_customer;
    IF v_conversation IS NULL THEN
        INSERT INTO conversations (shop_id, account_id, customer_id, recipient, created_at)
        VALUES (v_shop, p_account, p_customer, p_recipient, p_now)
        ON CONFLICT DO NOTHING RETURNING id INTO v_conversation;
    END IF;
    IF v_conversation IS NULL THEN        -- someone else made it a moment ago
        SELECT id INTO v_conversation FROM conversations
         WHERE shop_id = v_shop AND account_id = p_account AND customer_id = p_customer;
    END IF;
    RETURN v_conversation;
END $$;

-- A person has another number or user id, says the channel: whom the former keys name gets the new ones, even if they
-- were heard of before the news came, and is answered there. The one case in which the receiver changes a thread that
-- exists, and so may wait for a turn.
CREATE FUNCTION move_customer(
    p_channel text, p_keys text[], p_former text[], p_phone text, p_recipient text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_shop bigint := current_shop();
    v_customer bigint;
BEGIN
    SELECT customer_id INTO v_customer FROM identities
     WHERE shop_id = v_shop AND channel = p_channel AND external_id = ANY (p_former)
     ORDER BY array_position(p_former, external_id) LIMIT 1;
    UPDATE identities SET customer_id = v_customer
     WHERE shop_id = v_shop AND channel = p_channel AND external_id = ANY (p_keys) AND customer_id <> v_customer;
    UPDATE customers SET phone = p_phone WHERE shop_id = v_shop AND id = v_customer AND p_phone IS NOT NULL;
    UPDATE conversations SET recipient = p_recipient
     WHERE shop_id = v_shop AND customer_id = v_customer AND recipient = ANY (p_former)
       AND (p_phone IS NOT NULL OR recipient LIKE 'user:%');
END $$;

-- Everything that one delivery of a channel brought for one account, stored once, however often it comes.
-- Returns how many messages were new and how many updates had been here before.
CREATE FUNCTION receive_updates(
    p_channel text, p_account bigint, p_now timestamptz,
    p_messages jsonb, p_statuses jsonb, p_ignored jsonb,
    OUT stored int, OUT repeated int
) LANGUAGE plpgsql AS $$
DECLARE
    v_shop bigint := current_shop();
    m record;
    v_customer bigint;
    v_conversation bigint;
    v_rows int;
BEGIN
    stored := 0;
    repeated := 0;
    -- Who is new is locked in one order, so that two processes with the same people do not wait for each other.
    PERFORM pg_advisory_xact_lock(hashtextextended(v_shop || p_channel || k, 0))
       FROM (SELECT DISTINCT k FROM jsonb_to_recordset(p_messages) AS x(keys text[]), unnest(x.keys) AS k
              WHERE NOT EXISTS (SELECT FROM identities i
                                 WHERE i.shop_id = v_shop AND i.channel = p_channel AND i.external_id = k)
              ORDER BY k) AS sorted;
    FOR m IN SELECT * FROM jsonb_to_recordset(p_messages) AS x(
        id text, kind text, text text, payload jsonb, raw jsonb, sent_at timestamptz,
        keys text[], former text[], phone text, name text, recipient text)
    LOOP
        PERFORM FROM messages WHERE shop_id = v_shop AND account_id = p_account AND external_id = m.id;
        IF FOUND THEN
            repeated := repeated + 1;
            CONTINUE;
        END IF;
        IF m.former <> '{}' THEN
            PERFORM move_customer(p_channel, m.keys, m.former, m.phone, m.recipient);
        END IF;
        v_customer := resolve_customer(p_channel, m.keys, m.name, m.phone, p_now);
        v_conversation := resolve_conversation(p_account, v_customer, m.recipient, p_now);
        INSERT INTO messages (shop_id, account_id, conversation_id, external_id, kind, text, payload, raw,
                              sent_at, received_at)
        VALUES (v_shop, p_account, v_conversation, m.id, m.kind, m.text, m.payload, m.raw, m.sent_at, p_now)
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS v_rows = ROW_COUNT;
        stored := stored + v_rows;
        repeated := repeated + 1 - v_rows;
    END LOOP;

    IF p_statuses <> '[]' THEN
        WITH incoming AS (
            SELECT DISTINCT ON (id, status, at) * FROM jsonb_to_recordset(p_statuses) AS x(
                id text, status text, at timestamptz, outbox_id bigint, error jsonb)
        ), fresh AS (
            INSERT INTO statuses (shop_id, account_id, external_id, status, at, outbox_id, error, received_at)
            SELECT v_shop, p_account, id, status, at, outbox_id, error, p_now FROM incoming
            ON CONFLICT DO NOTHING RETURNING external_id, status, outbox_id, error
        ), best AS (     -- the furthest status of each message; delivered may be skipped, order means nothing
            SELECT DISTINCT ON (external_id) external_id, status, outbox_id, error
              FROM fresh WHERE status IN ('sent', 'delivered', 'read', 'played', 'failed')
             ORDER BY external_id, array_position(ARRAY['failed', 'played', 'read', 'delivered', 'sent'], status)
        ), target AS (
            SELECT o.id, named.status, named.error, named.external_id
              FROM (SELECT best.*, coalesce(best.outbox_id, (
                           SELECT e.id FROM outbox e
                            WHERE e.shop_id = v_shop AND e.external_id = best.external_id LIMIT 1)) AS id
                      FROM best) AS named
              JOIN outbox o ON o.shop_id = v_shop AND o.id = named.id
             ORDER BY o.id FOR UPDATE OF o
        )
        UPDATE outbox o SET
            external_id = coalesce(o.external_id, target.external_id),
            status = CASE WHEN target.status = 'failed' OR (o.delivery = 'failed' AND o.external_id = target.external_id)
                          THEN 'failed' ELSE 'sent' END,
            sent_at = coalesce(o.sent_at, p_now),
            error = coalesce(target.error, o.error),
            delivery = CASE WHEN o.delivery = 'failed' AND o.external_id IS NULL    -- we had given it up
                            THEN target.status
                            WHEN coalesce(array_position(ARRAY['sent', 'delivered', 'read', 'played', 'failed'], o.delivery), 0)
                               < array_position(ARRAY['sent', 'delivered', 'read', 'played', 'failed'], target.status)
                            THEN target.status ELSE o.delivery END
          FROM target WHERE o.shop_id = v_shop AND o.id = target.id;
    END IF;

    IF p_ignored <> '[]' THEN
        INSERT INTO ignored_updates (shop_id, channel, digest, what, why, raw, received_at)
        SELECT v_shop, p_channel, digest, what, why, coalesce(raw, 'null'), p_now
          FROM jsonb_to_recordset(p_ignored) AS x(digest text, what text, why text, raw jsonb)
        ON CONFLICT DO NOTHING;
    END IF;

    IF stored > 0 THEN
        PERFORM pg_notify('griot_turns', v_shop::text);
    END IF;
END $$;

-- What a piece of a variant costs when so many are taken: the variant's own price or the best quantity price reached
-- (price_breaks, 0004), whichever is lower. No row: it is not for sale.
CREATE FUNCTION piece_price(p_variant bigint, p_quantity int) RETURNS TABLE (unit_minor bigint, currency text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT least(coalesce(v.price_minor, p.price_minor),
                 (SELECT min(b.unit_minor) FROM price_breaks b
                   WHERE b.shop_id = v.shop_id AND b.product_id = v.product_id AND b.min_quantity <= p_quantity)),
           p.currency
      FROM variants v JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
     WHERE v.shop_id = current_shop() AND v.id = p_variant AND p.active;
END $$;

-- Write an order's discount and total from its lines and its promotion (promotions, 0004), and return the total. Shares
-- are rounded down. A promotion waits while the lines are worth less than it asks for, and leaves something to pay.
CREATE FUNCTION sum_up(p_order bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_shop bigint := current_shop();
    v_lines bigint;
    v_discount bigint;
BEGIN
    SELECT coalesce(sum(h.quantity * h.unit_minor), 0) INTO v_lines
      FROM holds h WHERE h.shop_id = v_shop AND h.order_id = p_order;
    SELECT least(CASE m.kind WHEN 'percent' THEN v_lines * m.worth / 100 ELSE m.worth END, v_lines - 1) INTO v_discount
      FROM orders o JOIN promotions m ON m.shop_id = o.shop_id AND m.id = o.promotion_id
     WHERE o.shop_id = v_shop AND o.id = p_order AND v_lines >= greatest(m.least_minor, 1);
    v_discount := coalesce(v_discount, 0);
    UPDATE orders o SET discount_minor = v_discount, total_minor = v_lines - v_discount
     WHERE o.shop_id = v_shop AND o.id = p_order;
    RETURN v_lines - v_discount;
END $$;

-- Take stock and write the hold, for many buyers in one statement. Each request names the quantity that the
-- buyer wants to end up with, so that asking twice for the same is asking once. Requests are served in the
-- order of their variant, so that two batches can never wait for each other.
-- A changed quantity is priced anew; asking for the same again keeps the price that was given.
--   outcome: held | same | short (nothing taken, on_hand says what is left) | gone (not for sale)
CREATE FUNCTION hold_stock(p_now timestamptz, p_requests jsonb)
RETURNS TABLE (n int, outcome text, order_id bigint, hold_id bigint, quantity int, unit_minor bigint, on_hand int)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_shop bigint := current_shop();
    r record;
    v_conversations bigint[];
    v_order bigint;
    v_had int;
    v_left int;
    v_unit bigint;
    v_held_unit bigint;
    v_currency text;
    v_hold bigint;
BEGIN
    -- Locks are taken in one order everywhere: orders by id, then stock by variant.
    v_conversations := ARRAY(SELECT x.conversation_id FROM jsonb_to_recordset(p_requests) AS x(conversation_id bigint));
    PERFORM FROM orders o
      WHERE o.shop_id = v_shop AND o.status = 'reserved' AND o.conversation_id = ANY (v_conversations)
      ORDER BY o.id FOR UPDATE;
    FOR r IN SELECT * FROM jsonb_to_recordset(p_requests) AS x(
        n int, conversation_id bigint, customer_id bigint, live_id bigint, variant_id bigint, quantity int,
        hold_seconds int, longest_seconds int, reminder_share float8, reference text)
        ORDER BY x.variant_id, x.n
    LOOP
        SELECT o.id INTO v_order FROM orders o
         WHERE o.shop_id = v_shop AND o.conversation_id = r.conversation_id AND o.status = 'reserved';
        SELECT CASE h.status WHEN 'held' THEN h.quantity END, h.id, h.unit_minor INTO v_had, v_hold, v_held_unit
          FROM holds h
         WHERE h.shop_id = v_shop AND h.order_id = v_order AND h.variant_id = r.variant_id;
        v_had := coalesce(v_had, 0);

        SELECT price.unit_minor, price.currency INTO v_unit, v_currency
          FROM piece_price(r.variant_id, r.quantity) AS price;
        IF NOT FOUND THEN
            RETURN QUERY SELECT r.n, 'gone'::text, v_order, NULL::bigint, 0, NULL::bigint, 0;
            CONTINUE;
        END IF;

        IF v_had = r.quantity THEN
            SELECT s.on_hand INTO v_left FROM stock_levels s WHERE s.shop_id = v_shop AND s.variant_id = r.variant_id;
            RETURN QUERY SELECT r.n, 'same'::text, v_order, v_hold, v_had, v_held_unit, v_left;
            CONTINUE;
        END IF;

        UPDATE stock_levels s SET on_hand = s.on_hand - (r.quantity - v_had), held = s.held + (r.quantity - v_had)
         WHERE s.shop_id = v_shop AND s.variant_id = r.variant_id AND s.on_hand >= r.quantity - v_had
        RETURNING s.on_hand INTO v_left;
        IF NOT FOUND THEN
            SELECT s.on_hand INTO v_left FROM stock_levels s WHERE s.shop_id = v_shop AND s.variant_id = r.variant_id;
            RETURN QUERY SELECT r.n, 'short'::text, v_order, v_hold, v_had, v_unit, coalesce(v_left, 0);
            CONTINUE;
        END IF;

        IF v_order IS NULL THEN
            INSERT INTO orders (shop_id, reference, customer_id, conversation_id, live_id, status, currency,
                                expires_at, remind_at, created_at)
            VALUES (v_shop, r.reference, r.customer_id, r.conversation_id, r.live_id, 'reserved', v_currency,
                    p_now + make_interval(secs => r.hold_seconds),
                    p_now + make_interval(secs => r.hold_seconds * r.reminder_share), p_now)
            RETURNING id INTO v_order;
        ELSE
            UPDATE orders o SET
                expires_at = deadline.at,
                remind_at = CASE WHEN o.remind_at IS NOT NULL THEN p_now + (deadline.at - p_now) * r.reminder_share END
              FROM (SELECT greatest(d.expires_at, least(p_now + make_interval(secs => r.hold_seconds),
                                    d.created_at + make_interval(secs => r.longest_seconds))) AS at
                      FROM orders d WHERE d.shop_id = v_shop AND d.id = v_order) AS deadline
             WHERE o.shop_id = v_shop AND o.id = v_order;
        END IF;
        INSERT INTO holds AS h (shop_id, order_id, variant_id, quantity, unit_minor, created_at)
        VALUES (v_shop, v_order, r.variant_id, r.quantity, v_unit, p_now)
        ON CONFLICT (shop_id, order_id, variant_id) DO UPDATE
            SET quantity = EXCLUDED.quantity, unit_minor = EXCLUDED.unit_minor, status = 'held'
        RETURNING h.id INTO v_hold;
        PERFORM sum_up(v_order);
        RETURN QUERY SELECT r.n, 'held'::text, v_order, v_hold, r.quantity, v_unit, v_left;
    END LOOP;
END $$;

-- Rows of these tables change as fast as people write: statistics and free space must keep up with a live.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['messages', 'outbox', 'statuses', 'orders', 'holds', 'stock_levels', 'conversations']
    LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 200,'
                       ' autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_threshold = 1000)', v_table);
    END LOOP;
END $$;
