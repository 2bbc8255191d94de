-- The inbox: where to act first, what was thought of the agent's replies, and what came of it.

-- Where a thread stands among the others. A row of its own, because a turn holds the thread's row while it decides:
-- whoever writes here waits for nobody. place: the smaller, the sooner (tools/priority/models.py); time that passes
-- moves all who wait alike, so that no row is rewritten for it.
CREATE TABLE inbox (
    shop_id           bigint NOT NULL,
    conversation_id   bigint NOT NULL,
    score             integer NOT NULL CHECK (score BETWEEN 0 AND 100),
    reasons           jsonb NOT NULL,                    -- [["open_hold", 25], …], which add up to the score
    advice            text[] NOT NULL,                   -- what may be done, the best first
    place             bigint NOT NULL,
    waits_since       timestamptz,                       -- for a person
    human             boolean NOT NULL,
    hot               boolean NOT NULL,
    angry             boolean NOT NULL,
    written_at        timestamptz,                       -- the buyer's last words
    seen_at           timestamptz,                       -- when a person last opened the thread
    unread            boolean GENERATED ALWAYS AS (written_at > coalesce(seen_at, 'epoch')) STORED,
    scored_at         timestamptz NOT NULL,
    PRIMARY KEY (shop_id, conversation_id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);
CREATE INDEX inbox_first ON inbox (shop_id, place, conversation_id);
CREATE INDEX inbox_waiting ON inbox (shop_id, place, conversation_id) WHERE waits_since IS NOT NULL;
CREATE INDEX inbox_human ON inbox (shop_id, place, conversation_id) WHERE human;
CREATE INDEX inbox_hot ON inbox (shop_id, place, conversation_id) WHERE hot;
CREATE INDEX inbox_angry ON inbox (shop_id, place, conversation_id) WHERE angry;
CREATE INDEX inbox_unread ON inbox (shop_id, place, conversation_id) WHERE unread;
CALL protect('inbox');
CREATE INDEX turns_thread ON turns (shop_id, conversation_id, id);

-- Words as people search for them: without accents and case.
CREATE FUNCTION plain(p_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(lower(p_text), 'àâäáãéèêëíìîïóòôöõúùûüçñ', 'aaaaaeeeeiiiiooooouuuucn')
$$;
GRANT EXECUTE ON FUNCTION plain TO griot_app;

-- Threads about which something has changed. Written in the transaction that changed it, never updated, so that nobody
-- waits for anybody; the worker takes them and looks at the threads again.
CREATE TABLE inbox_calls (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    conversation_id   bigint NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CALL protect('inbox_calls');

CREATE FUNCTION call_inbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'events' THEN
        INSERT INTO inbox_calls (shop_id, conversation_id)
        SELECT f.shop_id, o.conversation_id
          FROM fresh f JOIN orders o ON o.shop_id = f.shop_id AND o.id = f.order_id
        UNION
        SELECT f.shop_id, c.id FROM fresh f
          JOIN conversations c ON c.shop_id = f.shop_id AND c.id = (f.data ->> 'conversation')::bigint
         WHERE f.kind LIKE 'conversation.%';
    ELSE
        INSERT INTO inbox_calls (shop_id, conversation_id) SELECT DISTINCT shop_id, conversation_id FROM fresh;
    END IF;
    IF FOUND THEN
        PERFORM pg_notify('griot_inbox', shop_id::text) FROM (SELECT DISTINCT shop_id FROM fresh) AS shops;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER turns_call AFTER INSERT ON turns REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION call_inbox();
CREATE TRIGGER events_call AFTER INSERT ON events REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION call_inbox();
CREATE TRIGGER escalations_call AFTER INSERT ON escalations REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION call_inbox();
CREATE TRIGGER escalations_call_again AFTER UPDATE ON escalations REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION call_inbox();

INSERT INTO inbox_calls (shop_id, conversation_id) SELECT shop_id, id FROM conversations;

-- Shops with threads to look at again.
CREATE FUNCTION door_inbox() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT DISTINCT shop_id FROM inbox_calls
$$;
REVOKE ALL ON FUNCTION door_inbox FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_inbox TO griot_app;

-- What a person thought of a reply of the agent: one row a reply and person, changed when they change their mind.
CREATE TABLE ratings (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    message_id        bigint NOT NULL,                   -- of the outbox
    conversation_id   bigint NOT NULL,
    turn_id           bigint NOT NULL,
    actor             text NOT NULL,                     -- 'user:7', 'key:3'
    good              boolean NOT NULL,
    correction        text NOT NULL DEFAULT '',          -- what should have been said
    intent            text NOT NULL,                     -- what the agent did: its first act
    right_intent      text,                              -- what the buyer meant: a file of prompts/examples
    created_at        timestamptz NOT NULL,
    rated_at          timestamptz NOT NULL,              -- the last time
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, message_id, actor),
    FOREIGN KEY (shop_id, message_id) REFERENCES outbox (shop_id, id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id),
    FOREIGN KEY (shop_id, turn_id) REFERENCES turns (shop_id, id)
);
CREATE INDEX ratings_thread ON ratings (shop_id, conversation_id, message_id);
CREATE INDEX ratings_time ON ratings (shop_id, rated_at, id);
CALL protect('ratings');

-- What was made of a rating. target: the key of the FAQ entry, the words of the example, the number of the case.
CREATE TABLE rating_uses (
    shop_id           bigint NOT NULL,
    rating_id         bigint NOT NULL,
    use               text NOT NULL CHECK (use IN ('faq', 'example', 'case')),
    target            text NOT NULL,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, rating_id, use),
    FOREIGN KEY (shop_id, rating_id) REFERENCES ratings (shop_id, id)
);
CALL protect('rating_uses');

-- Cases for evaluation that were made of real conversations (docs/reference/evals.md), without personal data. Each has
-- the articles and answers of its own moment.
CREATE TABLE eval_cases (
    shop_id           bigint NOT NULL REFERENCES shops,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    rating_id         bigint NOT NULL,
    content           jsonb NOT NULL,                    -- a line of turns.jsonl
    articles          jsonb NOT NULL,                    -- rows of catalogue.csv
    answers           jsonb NOT NULL,                    -- rows of faq.csv
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, rating_id),
    FOREIGN KEY (shop_id, rating_id) REFERENCES ratings (shop_id, id)
);
CALL protect('eval_cases');

-- Pictures, films and papers of buyers, kept when a person first opens one: channels forget them after days.
CREATE TABLE received_files (
    shop_id           bigint NOT NULL,
    message_id        bigint NOT NULL,
    content           bytea NOT NULL,
    mime              text NOT NULL,
    kept_at           timestamptz NOT NULL,
    PRIMARY KEY (shop_id, message_id),
    FOREIGN KEY (shop_id, message_id) REFERENCES messages (shop_id, id)
);
ALTER TABLE received_files ALTER content SET STORAGE EXTERNAL;
CALL protect('received_files');
