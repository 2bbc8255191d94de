-- The tables of the live sale.
-- Every table leads with shop_id: it is the first column of each key, the distribution column on a
-- distributed PostgreSQL, and what row-level security compares. Rows that every buyer of a live would
-- point at (the shop, the running live) have no foreign key to them: its share lock would queue the buyers up.
-- Money is integer minor units plus an
-- ISO currency; time is timestamptz in UTC.

CREATE TABLE shops (
    shop_id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug              text NOT NULL,
    name              text NOT NULL,
    segment           text NOT NULL DEFAULT 'live_seller'
                      CHECK (segment IN ('live_seller', 'shop', 'events', 'services', 'b2b')),
    country           text NOT NULL DEFAULT 'SN',
    currency          text NOT NULL DEFAULT 'XOF',
    timezone          text NOT NULL DEFAULT 'Africa/Dakar',
    language          text NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'mg', 'en')),
    vendor_phone      text,
    settings          jsonb NOT NULL DEFAULT '{}',
    catalogue_version bigint NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    UNIQUE (shop_id, slug)
);
CREATE INDEX shops_slug ON shops (slug);

-- A number or page of a shop on a channel. Credentials are encrypted by the application (core/crypto.py).
CREATE TABLE channel_accounts (
    shop_id           bigint NOT NULL REFERENCES shops,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    channel           text NOT NULL,
    external_id       text NOT NULL,              -- WhatsApp: phone_number_id
    display           text NOT NULL DEFAULT '',
    access_token      bytea NOT NULL,
    app_secret        bytea,                      -- null: the installation's own app
    messages_per_second integer NOT NULL DEFAULT 80 CHECK (messages_per_second > 0),
    rate_tat          timestamptz NOT NULL DEFAULT 'epoch',   -- GCRA: theoretical arrival time
    paused_until      timestamptz NOT NULL DEFAULT 'epoch',
    pause_reason      text,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, channel, external_id)
);
CREATE INDEX channel_accounts_route ON channel_accounts (channel, external_id);

CREATE TABLE customers (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    name              text,
    phone             text,                       -- E.164 without '+', null when the person hides it
    language          text,
    paid_orders       integer NOT NULL DEFAULT 0 CHECK (paid_orders >= 0),
    expired_holds     integer NOT NULL DEFAULT 0 CHECK (expired_holds >= 0),
    spent_minor       bigint NOT NULL DEFAULT 0 CHECK (spent_minor >= 0),
    payment_seconds   bigint NOT NULL DEFAULT 0 CHECK (payment_seconds >= 0),  -- sum over paid orders
    preferred_means   text,
    badges            text[] NOT NULL DEFAULT '{}',
    opted_out         boolean NOT NULL DEFAULT false,
    first_paid_at     timestamptz,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);

-- What a channel calls a person: 'user:<BSUID>' and 'phone:<digits>' on WhatsApp.
CREATE TABLE identities (
    shop_id           bigint NOT NULL,
    channel           text NOT NULL,
    external_id       text NOT NULL,
    customer_id       bigint NOT NULL,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, channel, external_id),
    FOREIGN KEY (shop_id, customer_id) REFERENCES customers (shop_id, id)
);
CREATE INDEX identities_customer ON identities (shop_id, customer_id);

-- One thread: a customer on a channel account. The receiver never updates this row once it exists, so a
-- turn may hold it while new messages arrive.
CREATE TABLE conversations (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    account_id        bigint NOT NULL,
    customer_id       bigint NOT NULL,
    recipient         text NOT NULL,              -- 'user:…' or 'phone:…', where replies go
    handler           text NOT NULL DEFAULT 'agent' CHECK (handler IN ('agent', 'human')),
    asked             jsonb,                      -- the agent's last question, for short answers
    language          text,
    last_inbound_at   timestamptz,                -- opens the channel's 24-hour window
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, account_id, customer_id),
    FOREIGN KEY (shop_id, account_id) REFERENCES channel_accounts (shop_id, id),
    FOREIGN KEY (shop_id, customer_id) REFERENCES customers (shop_id, id)
);

-- What buyers wrote. A message without turn_id is work to do: there is no second queue to keep in step.
CREATE TABLE messages (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    account_id        bigint NOT NULL,
    conversation_id   bigint NOT NULL,
    external_id       text NOT NULL,
    kind              text NOT NULL,
    text              text,
    payload           jsonb NOT NULL DEFAULT '{}',
    raw               jsonb NOT NULL,
    sent_at           timestamptz NOT NULL,
    received_at       timestamptz NOT NULL,
    turn_id           bigint,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, account_id, external_id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);
CREATE INDEX messages_unanswered ON messages (shop_id, received_at, conversation_id) WHERE turn_id IS NULL;
CREATE INDEX messages_thread ON messages (shop_id, conversation_id, id);

-- One answer of the agent (or of nobody: handed to a human) to the messages that carry its id.
CREATE TABLE turns (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    conversation_id   bigint NOT NULL,
    reading           jsonb NOT NULL,
    outcome           text NOT NULL,
    started_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);

-- Delivery statuses as they came, in any order, each once.
CREATE TABLE statuses (
    shop_id           bigint NOT NULL,
    account_id        bigint NOT NULL,
    external_id       text NOT NULL,
    status            text NOT NULL,
    at                timestamptz NOT NULL,
    outbox_id         bigint,                     -- from the opaque data that we sent along
    error             jsonb,
    received_at       timestamptz NOT NULL,
    PRIMARY KEY (shop_id, account_id, external_id, status, at)
);
CREATE INDEX statuses_recent ON statuses (shop_id, account_id, received_at);

-- Updates that were understood as far as "nothing to do", or not understood at all.
CREATE TABLE ignored_updates (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    channel           text NOT NULL,
    digest            text NOT NULL,
    what              text NOT NULL,
    why               text NOT NULL,
    raw               jsonb NOT NULL,
    received_at       timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, channel, digest)
);

-- Messages on their way out, written in the transaction of the decision.
--   queued -> sending -> sent            the channel accepted it
--             sending -> unknown -> sent | queued    no answer came: the status webhook decides
--   queued|sending -> failed             final, the error says why
CREATE TABLE outbox (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    conversation_id   bigint NOT NULL,
    account_id        bigint NOT NULL,
    turn_id           bigint,
    dedupe_key        text NOT NULL,
    reply             jsonb NOT NULL,
    status            text NOT NULL DEFAULT 'queued'
                      CHECK (status IN ('queued', 'sending', 'unknown', 'sent', 'failed')),
    attempts          integer NOT NULL DEFAULT 0,
    next_at           timestamptz NOT NULL,       -- not before; while sending or unknown: looked at again then
    sender            bigint,                     -- who is sending: holds an advisory lock while alive
    claimed_at        timestamptz,
    external_id       text,
    delivery          text CHECK (delivery IN ('sent', 'delivered', 'read', 'played', 'failed')),
    error             jsonb,
    created_at        timestamptz NOT NULL,
    sent_at           timestamptz,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, dedupe_key),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);
CREATE INDEX outbox_due ON outbox (shop_id, next_at) WHERE status IN ('queued', 'sending', 'unknown');
CREATE INDEX outbox_thread ON outbox (shop_id, conversation_id, id);
CREATE INDEX outbox_external ON outbox (shop_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE products (
    shop_id           bigint NOT NULL REFERENCES shops,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    code              text NOT NULL CHECK (code = upper(code) AND code <> ''),
    title             text NOT NULL,
    description       text NOT NULL DEFAULT '',
    category          text NOT NULL DEFAULT '',
    price_minor       bigint NOT NULL CHECK (price_minor > 0),
    currency          text NOT NULL,
    image_url         text,
    low_stock         integer NOT NULL DEFAULT 2,
    active            boolean NOT NULL DEFAULT true,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, code)
);

-- What is actually sold: a product without options has one variant with empty options.
CREATE TABLE variants (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    product_id        bigint NOT NULL,
    options           jsonb NOT NULL DEFAULT '{}',
    price_minor       bigint CHECK (price_minor > 0),      -- null: the product's price
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, product_id, options),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id)
);

-- The book of one variant. The last CHECK is the balance: nothing appears, nothing vanishes.
CREATE TABLE stock_levels (
    shop_id           bigint NOT NULL,
    variant_id        bigint NOT NULL,
    on_hand           integer NOT NULL CHECK (on_hand >= 0),
    held              integer NOT NULL DEFAULT 0 CHECK (held >= 0),
    sold              integer NOT NULL DEFAULT 0 CHECK (sold >= 0),
    received          integer NOT NULL CHECK (received >= 0),
    PRIMARY KEY (shop_id, variant_id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    CHECK (on_hand + held + sold = received)
);

CREATE TABLE lives (
    shop_id           bigint NOT NULL REFERENCES shops,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    title             text NOT NULL DEFAULT '',
    codes             text[] NOT NULL DEFAULT '{}',        -- quick catalogue; empty: everything
    started_at        timestamptz NOT NULL,
    ended_at          timestamptz,
    summary           jsonb,
    PRIMARY KEY (shop_id, id),
    CHECK (ended_at >= started_at)
);
CREATE UNIQUE INDEX lives_running ON lives (shop_id) WHERE ended_at IS NULL;

-- One basket with one deadline, one reference and one payment.
CREATE TABLE orders (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    reference         text NOT NULL,
    customer_id       bigint NOT NULL,
    conversation_id   bigint NOT NULL,
    live_id           bigint,
    status            text NOT NULL CHECK (status IN
                      ('reserved', 'awaiting_payment', 'paid', 'expired', 'cancelled')),
    means             text,
    total_minor       bigint NOT NULL DEFAULT 0 CHECK (total_minor >= 0),
    currency          text NOT NULL,
    expires_at        timestamptz NOT NULL,
    remind_at         timestamptz,                         -- null: reminded, or no reminder wanted
    extended          boolean NOT NULL DEFAULT false,
    created_at        timestamptz NOT NULL,
    paid_at           timestamptz,
    closed_at         timestamptz,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, reference),
    FOREIGN KEY (shop_id, customer_id) REFERENCES customers (shop_id, id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);
CREATE UNIQUE INDEX orders_draft ON orders (shop_id, conversation_id) WHERE status = 'reserved';
CREATE INDEX orders_open ON orders (shop_id, expires_at) WHERE status IN ('reserved', 'awaiting_payment');
CREATE INDEX orders_reminders ON orders (shop_id, remind_at) WHERE remind_at IS NOT NULL
    AND status IN ('reserved', 'awaiting_payment');
CREATE INDEX orders_customer ON orders (shop_id, customer_id, id);
CREATE INDEX orders_live ON orders (shop_id, live_id) WHERE live_id IS NOT NULL;

-- A line of an order with its stock. held -> sold | expired | cancelled; the deadline is the order's.
CREATE TABLE holds (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    order_id          bigint NOT NULL,
    variant_id        bigint NOT NULL,
    quantity          integer NOT NULL CHECK (quantity > 0),
    unit_minor        bigint NOT NULL CHECK (unit_minor > 0),
    status            text NOT NULL DEFAULT 'held'
                      CHECK (status IN ('held', 'sold', 'expired', 'cancelled')),
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, order_id, variant_id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
);

CREATE TABLE waitlist (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    variant_id        bigint NOT NULL,
    customer_id       bigint NOT NULL,
    conversation_id   bigint NOT NULL,
    quantity          integer NOT NULL CHECK (quantity > 0),
    vip               boolean NOT NULL DEFAULT false,
    status            text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'served', 'left')),
    order_id          bigint,
    created_at        timestamptz NOT NULL,
    served_at         timestamptz,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, customer_id) REFERENCES customers (shop_id, id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);
CREATE UNIQUE INDEX waitlist_once ON waitlist (shop_id, variant_id, customer_id) WHERE status = 'waiting';
CREATE INDEX waitlist_next ON waitlist (shop_id, variant_id, vip DESC, id) WHERE status = 'waiting';

-- Credentials of a shop at a payment provider, encrypted by the application.
CREATE TABLE provider_accounts (
    shop_id           bigint NOT NULL REFERENCES shops,
    provider          text NOT NULL,
    credentials       bytea NOT NULL,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, provider)
);

-- One attempt to pay one order by one means. Forward only:
--   created -> pending -> succeeded | failed | expired ; failed|expired -> succeeded when the provider says so.
CREATE TABLE payments (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    order_id          bigint NOT NULL,
    provider          text NOT NULL,
    means             text NOT NULL,
    reference         text NOT NULL,                       -- ours, sent to the provider
    provider_id       text,
    checkout_url      text,
    amount_minor      bigint NOT NULL CHECK (amount_minor > 0),
    currency          text NOT NULL,
    status            text NOT NULL DEFAULT 'created'
                      CHECK (status IN ('created', 'pending', 'succeeded', 'failed', 'expired')),
    outcome           text CHECK (outcome IN ('settled', 'late_settled', 'late_refund', 'duplicate_refund', 'mismatch_refund')),
    received_minor    bigint CHECK (received_minor >= 0),  -- what the provider says was paid
    received_currency text,
    next_check_at     timestamptz,
    checks            integer NOT NULL DEFAULT 0,
    created_at        timestamptz NOT NULL,
    succeeded_at      timestamptz,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, reference),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id),
    CHECK ((status = 'succeeded') = (outcome IS NOT NULL))
);
CREATE UNIQUE INDEX payments_one_open ON payments (shop_id, order_id, means) WHERE status IN ('created', 'pending');
CREATE INDEX payments_due ON payments (shop_id, next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX payments_order ON payments (shop_id, order_id);

-- Notices of providers as they came, each once. Append-only.
CREATE TABLE payment_notices (
    shop_id           bigint NOT NULL,
    provider          text NOT NULL,
    notice_id         text NOT NULL,
    payment_id        bigint,
    body              jsonb NOT NULL,
    received_at       timestamptz NOT NULL,
    PRIMARY KEY (shop_id, provider, notice_id)
);

-- Money to give back. A person approves; nothing here moves money by itself.
CREATE TABLE refunds (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    payment_id        bigint NOT NULL,
    amount_minor      bigint NOT NULL CHECK (amount_minor > 0),
    currency          text NOT NULL,
    reason            text NOT NULL CHECK (reason IN ('late', 'duplicate', 'mismatch', 'requested')),
    status            text NOT NULL DEFAULT 'staged' CHECK (status IN ('staged', 'approved', 'rejected', 'done')),
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, payment_id, reason),
    FOREIGN KEY (shop_id, payment_id) REFERENCES payments (shop_id, id)
);

CREATE TABLE escalations (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    conversation_id   bigint NOT NULL,
    reason            text NOT NULL,
    summary           text NOT NULL,
    status            text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);
CREATE UNIQUE INDEX escalations_open ON escalations (shop_id, conversation_id) WHERE status = 'open';

-- What happened, in order, for ever: the vendor's timeline, the live's graph, the audit. Append-only.
CREATE TABLE events (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    kind              text NOT NULL,
    live_id           bigint,
    order_id          bigint,
    customer_id       bigint,
    data              jsonb NOT NULL DEFAULT '{}',
    at                timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX events_live ON events (shop_id, live_id, at) WHERE live_id IS NOT NULL;
CREATE INDEX events_stock_low ON events (shop_id, (data ->> 'variant_id')) WHERE kind = 'stock.low';
CREATE INDEX events_order ON events (shop_id, order_id) WHERE order_id IS NOT NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_notices_append_only BEFORE UPDATE OR DELETE ON payment_notices
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

