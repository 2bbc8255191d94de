-- Voice notes of buyers: their sound, kept for the vendor's player, and what was heard in it. The words heard become
-- the text of the message. A row is made when a note is first taken up; a message without one, or with one that is
-- listened to, waits: its thread has no turn until it is heard or its patience is over.

CREATE TABLE hearings (
    shop_id           bigint NOT NULL,
    message_id        bigint NOT NULL,
    status            text NOT NULL DEFAULT 'listening' CHECK (status IN ('listening', 'heard', 'unheard')),
    content           bytea,                                    -- as the channel gave it
    mime              text,
    seconds           real,                                     -- of sound
    heard             jsonb,                                    -- words with their probability, language, what is doubtful
    trouble           text,                                     -- why nothing was heard
    tries             integer NOT NULL DEFAULT 0,
    next_at           timestamptz NOT NULL,                     -- when to try again; while one tries, its end
    done_at           timestamptz,
    PRIMARY KEY (shop_id, message_id),
    FOREIGN KEY (shop_id, message_id) REFERENCES messages (shop_id, id),
    CHECK ((status = 'listening') = (done_at IS NULL)),
    CHECK ((status = 'unheard') = (trouble IS NOT NULL))
);
ALTER TABLE hearings ALTER content SET STORAGE EXTERNAL;  -- sound is compressed already
CREATE INDEX hearings_open ON hearings (shop_id, next_at) WHERE status = 'listening';
CREATE INDEX messages_spoken ON messages (shop_id, received_at) WHERE turn_id IS NULL AND kind IN ('voice', 'audio');
CALL protect('hearings');

-- Threads whose turn waits for a voice note: one that came after p_since and is not heard yet.
CREATE FUNCTION listening_threads(p_since timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
    SELECT m.conversation_id FROM messages m
      LEFT JOIN hearings h ON h.shop_id = m.shop_id AND h.message_id = m.id
     WHERE m.shop_id = current_shop() AND m.turn_id IS NULL AND m.kind IN ('voice', 'audio')
       AND m.received_at > p_since AND coalesce(h.status, 'listening') = 'listening'
$$;
GRANT EXECUTE ON FUNCTION listening_threads TO griot_app;

-- Whether the buyer is answered by voice: none leaves it to the shop's rule.
ALTER TABLE customers ADD prefers_voice boolean;

-- Shops with voice notes that nobody listens to.
CREATE FUNCTION door_hearings(p_now timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT m.shop_id FROM messages m
     WHERE m.turn_id IS NULL AND m.kind IN ('voice', 'audio')
       AND NOT EXISTS (SELECT FROM hearings h WHERE h.shop_id = m.shop_id AND h.message_id = m.id)
    UNION SELECT shop_id FROM hearings WHERE status = 'listening' AND next_at <= p_now
$$;
REVOKE ALL ON FUNCTION door_hearings FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_hearings TO griot_app;
