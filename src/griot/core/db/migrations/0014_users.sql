-- Who works in the house, who did what, and what is new for those who watch.
-- A user may work in several shops, so users are of no shop: they are the house's own rows, kept under shop 0, which
-- nobody can be. Only a transaction that names shop 0 sees them. What a user may do in a shop is a row of that shop.

CREATE TABLE users (
    shop_id           bigint NOT NULL,                     -- 0
    id                bigint GENERATED ALWAYS AS IDENTITY,
    email             text NOT NULL CHECK (email = lower(email) AND email <> ''),
    password_hash     text NOT NULL,                       -- argon2id
    must_change       boolean NOT NULL DEFAULT false,      -- the password was given by somebody else
    temporary_until   timestamptz,                         -- from then on the given password opens nothing
    disabled_at       timestamptz,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, email)
);
CALL protect('users');

-- A login that lasts. Tokens are random and kept as SHA-256. former_hash: the refresh token before the present one.
CREATE TABLE sessions (
    shop_id           bigint NOT NULL,                     -- 0
    id                bigint GENERATED ALWAYS AS IDENTITY,
    user_id           bigint NOT NULL,
    kind              text NOT NULL CHECK (kind IN ('console', 'api')),
    token_hash        bytea NOT NULL,
    former_hash       bytea,
    created_at        timestamptz NOT NULL,
    used_at           timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,                -- whatever happens
    revoked_at        timestamptz,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, token_hash),
    FOREIGN KEY (shop_id, user_id) REFERENCES users (shop_id, id)
);
CREATE INDEX sessions_user ON sessions (shop_id, user_id) WHERE revoked_at IS NULL;
CREATE INDEX sessions_former ON sessions (shop_id, former_hash) WHERE former_hash IS NOT NULL;
CALL protect('sessions');

-- How often somebody has tried to log in: GCRA, one point in time for an account or a source address (core/ratelimit.py).
CREATE TABLE login_limits (
    shop_id           bigint NOT NULL,                     -- 0
    key               text NOT NULL,
    tat               timestamptz NOT NULL,
    PRIMARY KEY (shop_id, key)
);
CALL protect('login_limits');

-- What a user is in a shop. email: how they log in, copied so that a shop reads its own rows only.
CREATE TABLE members (
    shop_id           bigint NOT NULL REFERENCES shops,
    user_id           bigint NOT NULL,
    email             text NOT NULL,
    name              text NOT NULL,
    role              text NOT NULL CHECK (role IN ('owner', 'agent', 'analyst')),
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, user_id)
);
CREATE INDEX members_user ON members (user_id);
CALL protect('members');

-- Keys of the public API: shown once, kept as SHA-256.
CREATE TABLE api_keys (
    shop_id           bigint NOT NULL REFERENCES shops,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    name              text NOT NULL,
    key_hash          bytea NOT NULL,
    scopes            text[] NOT NULL,
    created_at        timestamptz NOT NULL,
    used_at           timestamptz,
    revoked_at        timestamptz,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, key_hash)
);
CALL protect('api_keys');

-- Where a user works: asked when they log in, before a shop is chosen.
CREATE FUNCTION door_memberships(p_user bigint) RETURNS TABLE (shop_id bigint, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT shop_id, role FROM members WHERE user_id = p_user ORDER BY shop_id
$$;
REVOKE ALL ON FUNCTION door_memberships FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_memberships TO griot_app;

-- Who did it: 'user:7', 'key:3', 'cli'; null: the house itself. The transaction says so (core/db/pool.py).
-- xid: the transaction that wrote the row. Numbers are given out before the commit, so a reader that goes by numbers
-- misses what is committed late; one that remembers a snapshot misses nothing (core/events.py). Rows that were there
-- before belong to no transaction that runs.
ALTER TABLE events ADD actor text, ADD xid xid8 NOT NULL DEFAULT '0';

-- Who wrote an outgoing message: null is the agent.
ALTER TABLE outbox ADD author text;

-- Knocks for those who watch a shop: 'shop' for an event, 'shop thread' for a thread that looks different now. They
-- carry no content; whoever misses one looks again a little later.
CREATE FUNCTION stamp_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xid := pg_current_xact_id();
    NEW.actor := nullif(current_setting('griot.actor', true), '');
    PERFORM pg_notify('griot_feed', NEW.shop_id::text);
    RETURN NEW;
END $$;
CREATE TRIGGER events_stamp BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION stamp_event();

CREATE FUNCTION tell_thread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('griot_feed', NEW.shop_id || ' ' || NEW.conversation_id);
    RETURN NULL;
END $$;
CREATE TRIGGER messages_tell AFTER INSERT OR UPDATE OF text ON messages FOR EACH ROW EXECUTE FUNCTION tell_thread();
CREATE TRIGGER outbox_tell AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION tell_thread();
CREATE TRIGGER outbox_tell_sent AFTER UPDATE OF status, delivery ON outbox FOR EACH ROW
    WHEN (NEW.delivery IS DISTINCT FROM OLD.delivery OR NEW.status IN ('sent', 'failed') AND NEW.status <> OLD.status)
    EXECUTE FUNCTION tell_thread();
CREATE TRIGGER escalations_tell AFTER INSERT OR UPDATE ON escalations FOR EACH ROW EXECUTE FUNCTION tell_thread();

CREATE FUNCTION tell_handler() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('griot_feed', NEW.shop_id || ' ' || NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER conversations_tell AFTER UPDATE OF handler ON conversations FOR EACH ROW
    WHEN (NEW.handler <> OLD.handler) EXECUTE FUNCTION tell_handler();

-- Lists of the console, a page at a time.
CREATE INDEX conversations_recent ON conversations (shop_id, coalesce(last_inbound_at, created_at) DESC, id DESC);
CREATE INDEX conversations_human ON conversations (shop_id, coalesce(last_inbound_at, created_at) DESC, id DESC)
    WHERE handler = 'human';
CREATE INDEX escalations_waiting ON escalations (shop_id, (sentiment <> 'frustrated'), created_at, id)
    WHERE status = 'open';
CREATE INDEX orders_status ON orders (shop_id, status, id);
