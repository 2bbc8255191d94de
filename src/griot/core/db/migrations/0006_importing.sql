-- Where a shop's catalogue comes from: addresses and files, what each said of every product, and what each import did.

CREATE TABLE sources (
    shop_id           bigint NOT NULL REFERENCES shops,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    address           text NOT NULL CHECK (address <> ''),      -- as pasted, or the name of a file
    kind              text NOT NULL DEFAULT '',
    currency          text,                                     -- said by the merchant for amounts that name none
    pieces            integer NOT NULL DEFAULT 1 CHECK (pieces >= 0),
    mapping           jsonb,                                    -- columns as the merchant corrected them
    every_minutes     integer CHECK (every_minutes >= 15),      -- null: only by hand
    next_at           timestamptz,
    busy_until        timestamptz NOT NULL DEFAULT 'epoch',     -- until then one process reads it
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, address),
    CHECK (every_minutes IS NOT NULL OR next_at IS NULL)
);
CREATE INDEX sources_due ON sources (next_at) WHERE next_at IS NOT NULL;
CALL protect('sources');

-- What a source last said of a product. Its next word is compared with it, so that a vendor's corrections stay.
CREATE TABLE source_entries (
    shop_id           bigint NOT NULL,
    source_id         bigint NOT NULL,
    key               text NOT NULL,
    product_id        bigint NOT NULL,
    said              jsonb NOT NULL,
    provenance        jsonb NOT NULL DEFAULT '{}',
    seen_at           timestamptz NOT NULL,
    PRIMARY KEY (shop_id, source_id, key),
    UNIQUE (shop_id, source_id, product_id),
    FOREIGN KEY (shop_id, source_id) REFERENCES sources (shop_id, id),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id)
);
CALL protect('source_entries');

CREATE TABLE source_runs (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    source_id         bigint NOT NULL,
    report            jsonb NOT NULL,                           -- counts, changes, doubts
    at                timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, source_id) REFERENCES sources (shop_id, id)
);
CREATE INDEX source_runs_of ON source_runs (shop_id, source_id, id);
CALL protect('source_runs');

-- Shops with a source whose time has come.
CREATE FUNCTION door_sources(p_now timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT DISTINCT shop_id FROM sources WHERE next_at <= p_now AND busy_until <= p_now
$$;
REVOKE ALL ON FUNCTION door_sources FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_sources TO griot_app;
