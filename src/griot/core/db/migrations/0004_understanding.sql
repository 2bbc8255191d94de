-- What an agent that understands needs: quantity prices, FAQ, quotes with documents, promotions, forms, and what a
-- turn leaves behind for the vendor and the analyst.

-- The price of a piece from a quantity on. Together with the variant's own price: whichever is lower (piece_price).
CREATE TABLE price_breaks (
    shop_id           bigint NOT NULL,
    product_id        bigint NOT NULL,
    min_quantity      integer NOT NULL CHECK (min_quantity > 1),
    unit_minor        bigint NOT NULL CHECK (unit_minor > 0),
    PRIMARY KEY (shop_id, product_id, min_quantity),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id)
);
CALL protect('price_breaks');

CREATE TABLE faq (
    shop_id           bigint NOT NULL REFERENCES shops,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    key               text NOT NULL CHECK (key <> ''),
    question          text NOT NULL,
    answer            text NOT NULL,
    language          text NOT NULL CHECK (language IN ('fr', 'mg', 'en')),
    active            boolean NOT NULL DEFAULT true,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, key)
);
CALL protect('faq');

-- A file of the shop's own making (a quote, an invoice), kept as it was sent.
CREATE TABLE documents (
    shop_id           bigint NOT NULL REFERENCES shops,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    kind              text NOT NULL CHECK (kind IN ('quote', 'invoice')),
    filename          text NOT NULL,
    mime_type         text NOT NULL,
    content           bytea NOT NULL,
    sha256            text NOT NULL,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CALL protect('documents');

-- Numbers without gaps, by kind of document and year: locked by the transaction that takes the next one.
CREATE TABLE document_numbers (
    shop_id           bigint NOT NULL REFERENCES shops,
    kind              text NOT NULL CHECK (kind IN ('quote', 'invoice')),
    year              integer NOT NULL,
    last              integer NOT NULL CHECK (last > 0),
    PRIMARY KEY (shop_id, kind, year)
);
CALL protect('document_numbers');

-- open -> accepted | replaced | expired
CREATE TABLE quotes (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    number            text NOT NULL,
    conversation_id   bigint NOT NULL,
    customer_id       bigint NOT NULL,
    status            text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'replaced', 'expired')),
    currency          text NOT NULL,
    net_minor         bigint NOT NULL CHECK (net_minor >= 0),
    tax_minor         bigint NOT NULL CHECK (tax_minor >= 0),
    total_minor       bigint NOT NULL CHECK (total_minor > 0),
    deposit_minor     bigint CHECK (deposit_minor > 0 AND deposit_minor <= total_minor),
    wanted_on         date,
    valid_until       date NOT NULL,
    document_id       bigint,
    order_id          bigint,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, number),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id),
    FOREIGN KEY (shop_id, customer_id) REFERENCES customers (shop_id, id),
    FOREIGN KEY (shop_id, document_id) REFERENCES documents (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id),
    CHECK (net_minor + tax_minor = total_minor)
);
CREATE UNIQUE INDEX quotes_open ON quotes (shop_id, conversation_id) WHERE status = 'open';
CREATE INDEX quotes_thread ON quotes (shop_id, conversation_id, id);
CALL protect('quotes');

CREATE TABLE quote_lines (
    shop_id           bigint NOT NULL,
    quote_id          bigint NOT NULL,
    position          integer NOT NULL CHECK (position > 0),
    variant_id        bigint NOT NULL,
    title             text NOT NULL,
    quantity          integer NOT NULL CHECK (quantity > 0),
    unit_minor        bigint NOT NULL CHECK (unit_minor > 0),
    total_minor       bigint NOT NULL CHECK (total_minor > 0),
    PRIMARY KEY (shop_id, quote_id, position),
    FOREIGN KEY (shop_id, quote_id) REFERENCES quotes (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    CHECK (total_minor = quantity * unit_minor)
);
CALL protect('quote_lines');

-- What a code is worth: a share of the order or an amount off it. Only a merchant makes one.
CREATE TABLE promotions (
    shop_id           bigint NOT NULL REFERENCES shops,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    code              text NOT NULL CHECK (code = upper(code) AND code <> ''),
    kind              text NOT NULL CHECK (kind IN ('percent', 'amount')),
    worth             bigint NOT NULL CHECK (worth > 0),                    -- per cent, or minor units
    least_minor       bigint NOT NULL DEFAULT 0 CHECK (least_minor >= 0),    -- of the order, before the promotion
    starts_at         timestamptz NOT NULL,
    ends_at           timestamptz NOT NULL,
    max_uses          integer CHECK (max_uses > 0),
    uses              integer NOT NULL DEFAULT 0 CHECK (uses >= 0),
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, code),
    CHECK (kind <> 'percent' OR worth <= 90),
    CHECK (ends_at > starts_at),
    CHECK (max_uses IS NULL OR uses <= max_uses)
);
CALL protect('promotions');

-- What a buyer lets the shop know in a structured way: where to deliver, when, what to make.
CREATE TABLE intakes (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    conversation_id   bigint NOT NULL,
    customer_id       bigint NOT NULL,
    order_id          bigint,
    kind              text NOT NULL CHECK (kind IN ('address', 'slot', 'custom')),
    fields            jsonb NOT NULL,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id),
    FOREIGN KEY (shop_id, customer_id) REFERENCES customers (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX intakes_thread ON intakes (shop_id, conversation_id, id);
CREATE INDEX intakes_customer ON intakes (shop_id, customer_id, id);
CALL protect('intakes');

ALTER TABLE orders
    ADD COLUMN wanted_on date,
    ADD COLUMN wanted_at text,                          -- HH:MM in the shop's zone
    ADD COLUMN fulfilment text CHECK (fulfilment IN ('preparing', 'ready', 'shipped', 'delivered')),
    ADD COLUMN promotion_id bigint,
    ADD COLUMN discount_minor bigint NOT NULL DEFAULT 0 CHECK (discount_minor >= 0),
    ADD COLUMN paid_minor bigint CHECK (paid_minor > 0 AND paid_minor <= total_minor),   -- null: all, once paid
    ADD FOREIGN KEY (shop_id, promotion_id) REFERENCES promotions (shop_id, id),
    ADD CHECK (promotion_id IS NOT NULL OR discount_minor = 0);

-- The order's total when its payment was asked for: a basket that has changed since is not settled by it. Null: the
-- amount; more than the amount: that is a deposit.
ALTER TABLE payments ADD COLUMN order_total_minor bigint;
ALTER TABLE payments ADD CHECK (amount_minor <= order_total_minor);

ALTER TABLE escalations
    ADD COLUMN suggestion text NOT NULL DEFAULT '',
    ADD COLUMN sentiment text NOT NULL DEFAULT 'neutral';

ALTER TABLE turns
    ADD COLUMN effects jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN usage jsonb NOT NULL DEFAULT '{}';

-- A turn that needs a model thinks outside of any transaction. Until this time nobody else takes the thread.
ALTER TABLE conversations
    ADD COLUMN thinking_until timestamptz NOT NULL DEFAULT 'epoch',
    ADD COLUMN troubles integer NOT NULL DEFAULT 0 CHECK (troubles >= 0);   -- turns in a row that led nowhere
