-- The catalogue as people keep it: variants that are sold no more, words to find products by, a movement for every piece
-- that comes in or goes out by hand, imports that outlive the process that asked for them, and buyers who only try.

ALTER TABLE variants ADD active boolean NOT NULL DEFAULT true;   -- false: sold no more; its orders and its book stay

-- Words as they are compared: in small letters without accents.
CREATE FUNCTION fold_words(p_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(replace(replace(lower(p_text), 'œ', 'oe'), 'æ', 'ae'),
                     'àáâãäåçèéêëìíîïñòóôõöùúûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy')
$$;
ALTER TABLE products ADD folded text
    GENERATED ALWAYS AS (griot.fold_words(code || ' ' || title || ' ' || category)) STORED;

CREATE OR REPLACE FUNCTION piece_price(p_variant bigint, p_quantity int)
RETURNS TABLE (unit_minor bigint, currency text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT least(coalesce(v.price_minor, p.price_minor),
                 (SELECT min(b.unit_minor) FROM price_breaks b
                   WHERE b.shop_id = v.shop_id AND b.product_id = v.product_id AND b.min_quantity <= p_quantity)),
           p.currency
      FROM variants v JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
     WHERE v.shop_id = current_shop() AND v.id = p_variant AND p.active AND v.active;
END $$;

-- Pieces that came in (or went out, when negative) other than by an order: of a variant, their sum is what was received,
-- and what is free is that less what orders hold and have bought. Append-only.
CREATE TABLE stock_movements (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    variant_id        bigint NOT NULL,
    kind              text NOT NULL CHECK (kind IN ('opened', 'received', 'counted', 'corrected', 'returned', 'damaged',
                                                    'lost', 'given', 'imported')),
    pieces            integer NOT NULL CHECK (pieces <> 0 OR kind = 'counted'),
    on_hand           integer NOT NULL CHECK (on_hand >= 0),    -- free pieces afterwards
    note              text NOT NULL DEFAULT '',
    actor             text DEFAULT nullif(current_setting('griot.actor', true), ''),   -- as in events
    at                timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
);
CREATE INDEX stock_movements_variant ON stock_movements (shop_id, variant_id, id);
CALL protect('stock_movements');
INSERT INTO stock_movements (shop_id, variant_id, kind, pieces, on_hand, at)
SELECT s.shop_id, s.variant_id, 'opened', s.received, s.on_hand, p.created_at
  FROM stock_levels s
  JOIN variants v ON v.shop_id = s.shop_id AND v.id = s.variant_id
  JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
 WHERE s.received > 0;
CREATE TRIGGER stock_movements_append_only BEFORE UPDATE OR DELETE ON stock_movements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON stock_movements FROM griot_app;

-- An import that somebody asked for, carried out by a worker.
--   waiting -> reading -> shown -> (a person says so) waiting -> writing -> done
--   waiting -> reading -> writing -> done      asked for without looking first
--   waiting|reading|shown -> cancelled ; any -> failed
CREATE TABLE import_jobs (
    shop_id           bigint NOT NULL REFERENCES shops,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    source            text NOT NULL CHECK (source <> ''),       -- an address, or the name of a file
    body              bytea,                                    -- of the file, until the end; null: an address
    currency          text,                                     -- said by the merchant for amounts that name none
    columns           jsonb NOT NULL DEFAULT '{}',              -- header or letter -> field, as the merchant corrected it
    write             boolean NOT NULL DEFAULT false,           -- false: shown first
    status            text NOT NULL DEFAULT 'waiting'
                      CHECK (status IN ('waiting', 'reading', 'shown', 'writing', 'done', 'failed', 'cancelled')),
    done              integer NOT NULL DEFAULT 0,               -- products so far
    expected          integer,                                  -- of so many, where that is known
    found             bytea,                                    -- what was read, until the end
    preview           jsonb,                                    -- what would come in
    report            jsonb,                                    -- what came in
    trouble           text,                                     -- why it failed, for the merchant
    actor             text,                                     -- who asked, as in events
    tries             integer NOT NULL DEFAULT 0,
    busy_until        timestamptz NOT NULL DEFAULT 'epoch',     -- until then one process has it
    created_at        timestamptz NOT NULL,
    changed_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX import_jobs_due ON import_jobs (busy_until) WHERE status IN ('waiting', 'reading', 'writing');
CREATE UNIQUE INDEX import_jobs_source ON import_jobs (shop_id, source)
    WHERE status IN ('waiting', 'reading', 'shown', 'writing');
CALL protect('import_jobs');

-- Wakes the workers for what waits, and those who watch for how far it is.
CREATE FUNCTION tell_import() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'waiting' THEN
        PERFORM pg_notify('griot_imports', NEW.shop_id::text);
    END IF;
    PERFORM pg_notify('griot_feed', NEW.shop_id || ' *');
    RETURN NULL;
END $$;
CREATE TRIGGER import_jobs_tell AFTER INSERT OR UPDATE OF status, done ON import_jobs
    FOR EACH ROW EXECUTE FUNCTION tell_import();

-- Shops with an import that nobody has in hand.
CREATE FUNCTION door_imports(p_now timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT DISTINCT shop_id FROM import_jobs
     WHERE status IN ('waiting', 'reading', 'writing') AND busy_until <= p_now
$$;
REVOKE ALL ON FUNCTION door_imports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_imports TO griot_app;

-- People who only try the shop, from a simulated phone. key: what the simulator calls them.
CREATE TABLE test_buyers (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    account_id        bigint NOT NULL,
    key               text NOT NULL,
    phone             text,
    name              text NOT NULL,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, account_id, key),
    FOREIGN KEY (shop_id, account_id) REFERENCES channel_accounts (shop_id, id)
);
CALL protect('test_buyers');
