-- A buyer who is not known by phone gave a number: whoever has it is asked on WhatsApp whether it is theirs. Each number is
-- asked about once for each buyer; only a yes makes both one person.
CREATE TABLE phone_proofs (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    customer_id       bigint NOT NULL,             -- who gave the number
    phone             text NOT NULL,               -- E.164 without '+'
    conversation_id   bigint NOT NULL,             -- the thread of the number, in which it is asked
    asked_at          timestamptz NOT NULL,
    answered_at       timestamptz,
    confirmed         boolean,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, customer_id, phone),
    FOREIGN KEY (shop_id, customer_id) REFERENCES customers (shop_id, id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id),
    CHECK ((answered_at IS NULL) = (confirmed IS NULL))
);
CREATE INDEX phone_proofs_phone ON phone_proofs (shop_id, phone, asked_at);
CREATE INDEX phone_proofs_conversation ON phone_proofs (shop_id, conversation_id);
CALL protect('phone_proofs');

ALTER TABLE customer_links DROP CONSTRAINT customer_links_proof_check;
ALTER TABLE customer_links ADD CONSTRAINT customer_links_proof_check CHECK (proof IN ('vendor', 'link', 'phone'));
