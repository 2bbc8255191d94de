-- What a vendor said that a message meant. The interpreter reads messages like it the same way, in this shop.
CREATE TABLE corrections (
    shop_id           bigint NOT NULL REFERENCES shops,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    words             text NOT NULL CHECK (words <> ''),
    intent            text NOT NULL CHECK (intent <> ''),
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, words)
);
CALL protect('corrections');
