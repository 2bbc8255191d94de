-- What a console shows of a day and of a live.

-- Pages that show a shop's live in the picture of its stream: who has the link sees it, until it is revoked. The link is
-- signed (core/links.py), so nothing secret is kept here.
CREATE TABLE overlays (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    created_at        timestamptz NOT NULL,
    revoked_at        timestamptz,
    PRIMARY KEY (shop_id, id)
);
CREATE UNIQUE INDEX overlays_open ON overlays (shop_id) WHERE revoked_at IS NULL;
CALL protect('overlays');

-- The orders of a day, and the money of a day.
CREATE INDEX orders_made ON orders (shop_id, created_at);
CREATE INDEX orders_paid ON orders (shop_id, paid_at) WHERE paid_at IS NOT NULL;
