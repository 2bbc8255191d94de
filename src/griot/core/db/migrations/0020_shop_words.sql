-- A shop's own wording of what is said in its name: {"fr": {"conversation.greet": "…"}}. Read with the shop, so what is
-- saved is said from the next message on (docs/decisions/0013).
ALTER TABLE shops ADD texts jsonb NOT NULL DEFAULT '{}';

-- When a buyer was last told that the shop is closed: once in a closed time is enough.
ALTER TABLE conversations ADD told_closed_at timestamptz;

-- What a channel said of an account when it was asked last.
ALTER TABLE channel_accounts ADD checked_at timestamptz, ADD health jsonb;

-- The audit of a shop, the latest first, one kind or all.
CREATE INDEX events_kind ON events (shop_id, kind, id);
