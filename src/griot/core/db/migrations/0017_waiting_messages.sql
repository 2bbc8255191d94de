-- Messages that may not go out before the buyer has written: they wait for that, or until they say nothing true any more.

ALTER TABLE outbox
    ADD waits boolean NOT NULL DEFAULT false,   -- queued until the buyer writes; given up at next_at
    ADD good_until timestamptz,                 -- null: it stays true
    ADD held_order bigint,                      -- it is true only while this order is open
    ADD FOREIGN KEY (shop_id, held_order) REFERENCES orders (shop_id, id);
CREATE INDEX outbox_waits ON outbox (shop_id, conversation_id) WHERE waits;

-- The last comment of a thread, since a moment, that a message queued at another (p_queued) may answer in private: a turn
-- has seen it before, it has no private reply, and the channel has not refused one.
CREATE FUNCTION open_comment(p_conversation bigint, p_message bigint, p_since timestamptz, p_queued timestamptz)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT (SELECT m.external_id FROM messages m
             WHERE m.shop_id = current_shop() AND m.conversation_id = p_conversation AND m.kind = 'comment'
               AND m.sent_at > p_since AND m.received_at <= p_queued AND m.turn_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM outbox p
                                WHERE p.shop_id = m.shop_id AND p.account_id = m.account_id
                                  AND p.replies_to = m.external_id AND p.id <> p_message
                                  AND (p.status <> 'failed' OR p.error ->> 'code' IS NOT NULL))
             ORDER BY m.id DESC LIMIT 1)
$$;
GRANT EXECUTE ON FUNCTION open_comment TO griot_app;
