-- Instagram and Messenger: private replies to comments, echoes of what the shop's side wrote, receipts without ids,
-- choices that are shown with numbers.

ALTER TABLE outbox ADD numbered jsonb;      -- the choices shown with numbers, in their order: [{"id", "title"}, …]
ALTER TABLE outbox ADD replies_to text;     -- the comment that this message answers in private: one message a comment
CREATE UNIQUE INDEX outbox_replies_to ON outbox (shop_id, account_id, replies_to)
    WHERE replies_to IS NOT NULL AND status <> 'failed';
CREATE INDEX messages_comments ON messages (shop_id, conversation_id, id) WHERE kind = 'comment';

-- What is known of an echo: it is our own message, somebody else's, or (null) it may be one that is being sent just now.
CREATE FUNCTION is_own_echo(p_conversation bigint, p_external text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM outbox o WHERE o.shop_id = current_shop() AND o.external_id = p_external)
                THEN true
                WHEN EXISTS (SELECT FROM outbox o WHERE o.shop_id = current_shop()
                                AND o.conversation_id = p_conversation AND o.status IN ('sending', 'unknown'))
                THEN null
                ELSE false END
$$;

-- A receipt that names no message: everything sent to this person until then.
CREATE FUNCTION apply_receipts(p_account bigint, p_statuses jsonb) RETURNS void LANGUAGE sql AS $$
    WITH receipt AS (
        SELECT DISTINCT ON (id, status) * FROM jsonb_to_recordset(p_statuses) AS x(
            id text, status text, at timestamptz, up_to boolean)
         WHERE up_to AND status IN ('delivered', 'read') ORDER BY id, status, at DESC
    ), target AS (
        SELECT o.id, r.status, row_number() OVER (PARTITION BY o.id ORDER BY r.status DESC) AS n
          FROM receipt r
          JOIN conversations c ON c.shop_id = current_shop() AND c.account_id = p_account AND c.recipient = r.id
          JOIN outbox o ON o.shop_id = c.shop_id AND o.conversation_id = c.id
         WHERE o.status = 'sent' AND o.claimed_at <= r.at
           AND coalesce(array_position(ARRAY['sent', 'delivered', 'read', 'played', 'failed'], o.delivery), 0)
             < array_position(ARRAY['sent', 'delivered', 'read'], r.status)
         ORDER BY o.id
    )
    UPDATE outbox o SET delivery = target.status
      FROM target WHERE target.n = 1 AND o.shop_id = current_shop() AND o.id = target.id
$$;
