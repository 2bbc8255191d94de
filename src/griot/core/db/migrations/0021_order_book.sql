-- The order book of all channels, and what a shop notes about its buyers: tags, consent, erasure.

-- channel: where the order came from: the thread's channel, else 'phone' or 'counter' when a person took it down.
-- confirmed_at: a person took the order on though it is not paid: the buyer pays at delivery, and no deadline runs.
-- moved_at: when fulfilment last changed. stage: the column of the order book (tools/book/models.py says it in words).
ALTER TABLE orders
    ADD channel text,
    ADD confirmed_at timestamptz,
    ADD moved_at timestamptz,
    ADD stage text NOT NULL GENERATED ALWAYS AS (CASE
        WHEN status IN ('expired', 'cancelled') THEN 'cancelled'
        WHEN fulfilment = 'delivered' AND status = 'paid' AND coalesce(paid_minor, total_minor) = total_minor THEN 'paid'
        WHEN fulfilment = 'delivered' THEN 'delivered'
        WHEN fulfilment IN ('ready', 'shipped') THEN 'ready'
        WHEN fulfilment = 'preparing' THEN 'preparing'
        WHEN status = 'paid' OR confirmed_at IS NOT NULL THEN 'confirmed'
        ELSE 'new' END) STORED;
UPDATE orders o SET channel = a.channel
  FROM conversations c JOIN channel_accounts a ON a.shop_id = c.shop_id AND a.id = c.account_id
 WHERE c.shop_id = o.shop_id AND c.id = o.conversation_id;
ALTER TABLE orders ALTER channel SET NOT NULL;
CREATE INDEX orders_stage ON orders (shop_id, stage, id);

-- The reference as before (0002), and the channel of the thread that the order was made in.
CREATE OR REPLACE FUNCTION complete_reference() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF NEW.channel IS NULL THEN
        SELECT a.channel INTO NEW.channel
          FROM conversations c JOIN channel_accounts a ON a.shop_id = c.shop_id AND a.id = c.account_id
         WHERE c.shop_id = NEW.shop_id AND c.id = NEW.conversation_id;
    END IF;
    RETURN NEW;
END $$;

-- marketing: may be written to about offers; null: never asked. marketing_how: by message, by telephone, …; events
-- remember every change. erased_at: the buyer asked to be forgotten; what is left is a number for the books.
ALTER TABLE customers
    ADD tags text[] NOT NULL DEFAULT '{}',
    ADD marketing boolean,
    ADD marketing_at timestamptz,
    ADD marketing_how text,
    ADD last_paid_at timestamptz,
    ADD erased_at timestamptz,
    ADD CHECK ((marketing IS NULL) = (marketing_at IS NULL)),
    ADD CHECK (erased_at IS NULL OR (name IS NULL AND phone IS NULL));
UPDATE customers c SET last_paid_at = o.at
  FROM (SELECT shop_id, customer_id, max(paid_at) AS at FROM orders WHERE status = 'paid'
         GROUP BY shop_id, customer_id) AS o
 WHERE c.shop_id = o.shop_id AND c.id = o.customer_id;

-- Trust from 0 to 100, as tools/customers/models.py counts and explains it; a test compares the two. p_big: what a big
-- spender has spent more than, in the shop's currency.
CREATE FUNCTION trust(p_paid int, p_expired int, p_spent bigint, p_seconds bigint, p_big bigint) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT greatest(0, least(100, 50 + least(5 * p_paid, 25)
           + CASE WHEN p_paid > 0 AND p_seconds < 120::bigint * p_paid THEN 10 ELSE 0 END
           + CASE WHEN p_spent > p_big THEN 10 ELSE 0 END
           - 10 * p_expired
           - CASE WHEN p_expired > 3 AND p_paid < 2 THEN 20 ELSE 0 END))
$$;

-- The segment of a buyer (docs/reference/customers.md): each is in one, the first that fits.
CREATE FUNCTION segment_of(p_paid int, p_trust int, p_last timestamptz, p_now timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_paid > 0 AND p_last < p_now - interval '30 days' THEN 'dormant'
                WHEN p_trust >= 80 THEN 'vip'
                WHEN p_paid >= 6 THEN 'loyal'
                WHEN p_paid >= 3 THEN 'regular'
                WHEN p_paid = 2 THEN 'occasional'
                ELSE 'new' END
$$;
GRANT EXECUTE ON FUNCTION trust, segment_of TO griot_app;
