-- Workers keep the catalogues of shops in memory: they are told of a change, so that they are ready before a buyer asks.

CREATE FUNCTION tell_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('griot_catalogues', NEW.shop_id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER shops_tell_catalogue AFTER UPDATE OF catalogue_version ON shops
    FOR EACH ROW EXECUTE FUNCTION tell_catalogue();

-- Shops with a live, and those that somebody wrote to lately: their catalogues are wanted first.
CREATE FUNCTION door_awake(p_since timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT shop_id FROM lives WHERE ended_at IS NULL
    UNION SELECT shop_id FROM conversations WHERE last_inbound_at >= p_since
$$;
REVOKE ALL ON FUNCTION door_awake FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_awake TO griot_app;
