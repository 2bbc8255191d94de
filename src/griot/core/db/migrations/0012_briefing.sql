-- The daily briefing: each shop has it once a day, at its own hour.
ALTER TABLE shops ADD briefed_on date;   -- the shop's day on which the last one was made

-- Shops whose hour has come today. Shops that opened today have no yesterday.
CREATE FUNCTION door_briefings(p_now timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT s.shop_id FROM shops s
     CROSS JOIN LATERAL (SELECT p_now AT TIME ZONE s.timezone AS now, s.created_at AT TIME ZONE s.timezone AS opened) AS here
     WHERE s.vendor_phone IS NOT NULL AND (s.briefed_on IS NULL OR s.briefed_on < here.now::date)
       AND here.opened::date < here.now::date
       AND extract(hour FROM here.now) >=
           CASE WHEN s.settings ? 'briefing_hour' THEN (s.settings ->> 'briefing_hour')::int ELSE 8 END
$$;
REVOKE ALL ON FUNCTION door_briefings FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_briefings TO griot_app;
