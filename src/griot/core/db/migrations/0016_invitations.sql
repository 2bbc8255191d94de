-- Links that a buyer of one channel opens in another, to be known there as the same person. The token in a link is
-- random, kept as SHA-256, and good once, for a while.
CREATE TABLE invitations (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    token_hash        bytea NOT NULL,
    customer_id       bigint NOT NULL,             -- whom the link was made for
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    used_at           timestamptz,
    used_by           bigint,                      -- the record that came back with it
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, token_hash),
    FOREIGN KEY (shop_id, customer_id) REFERENCES customers (shop_id, id),
    FOREIGN KEY (shop_id, used_by) REFERENCES customers (shop_id, id),
    CHECK ((used_at IS NULL) = (used_by IS NULL))
);
CREATE INDEX invitations_customer ON invitations (shop_id, customer_id);
CALL protect('invitations');
