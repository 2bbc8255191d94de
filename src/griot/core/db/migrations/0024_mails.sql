-- E-mails to the people of a shop, such as the daily briefing. due_at: when it is to be (re)tried; none: sent, or given up.
CREATE TABLE mails (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    dedupe_key        text NOT NULL,
    recipient         text NOT NULL,
    subject           text NOT NULL,
    body              text NOT NULL,
    written_at        timestamptz NOT NULL,
    due_at            timestamptz,
    attempts          integer NOT NULL DEFAULT 0,
    sent_at           timestamptz,
    error             text,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, dedupe_key)
);
CREATE INDEX mails_due ON mails (due_at, shop_id) WHERE due_at IS NOT NULL;
CALL protect('mails');

-- Shops with e-mails to send.
CREATE FUNCTION door_mails(p_now timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT DISTINCT shop_id FROM mails WHERE due_at <= p_now
$$;
REVOKE ALL ON FUNCTION door_mails FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_mails TO griot_app;

-- A shop may have its briefing by e-mail alone.
CREATE OR REPLACE FUNCTION door_briefings(p_now timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT s.shop_id FROM shops s
     CROSS JOIN LATERAL (SELECT p_now AT TIME ZONE s.timezone AS now, s.created_at AT TIME ZONE s.timezone AS opened) AS here
     WHERE (s.vendor_phone IS NOT NULL OR s.settings ->> 'briefing_email' IS NOT NULL)
       AND (s.briefed_on IS NULL OR s.briefed_on < here.now::date)
       AND here.opened::date < here.now::date
       AND extract(hour FROM here.now) >=
           CASE WHEN s.settings ? 'briefing_hour' THEN (s.settings ->> 'briefing_hour')::int ELSE 8 END
$$;
