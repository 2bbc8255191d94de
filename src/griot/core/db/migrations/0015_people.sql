-- One person under several records: a buyer who writes on Instagram and on WhatsApp is two customers until somebody
-- links them. Nothing moves when they are linked: identities, threads, orders and counts stay with the record that they
-- were made under, and what a person has done is added up when it is read. So undoing a link loses nothing, and nobody
-- who counts a payment waits for it.

CREATE TABLE customer_links (
    shop_id           bigint NOT NULL,
    id                bigint GENERATED ALWAYS AS IDENTITY,
    one_id            bigint NOT NULL,
    other_id          bigint NOT NULL,
    proof             text NOT NULL CHECK (proof IN ('vendor', 'link')),   -- link: opened from one channel in the other
    created_at        timestamptz NOT NULL,
    undone_at         timestamptz,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, one_id) REFERENCES customers (shop_id, id),
    FOREIGN KEY (shop_id, other_id) REFERENCES customers (shop_id, id),
    CHECK (one_id <= other_id)
);
CREATE UNIQUE INDEX customer_links_one ON customer_links (shop_id, one_id, other_id) WHERE undone_at IS NULL;
CREATE INDEX customer_links_other ON customer_links (shop_id, other_id) WHERE undone_at IS NULL;
CALL protect('customer_links');

-- person_id: the oldest of the records that links hold together; a record without links is a person by itself.
ALTER TABLE customers
    ADD led_by bigint CHECK (led_by < id),             -- null: no link leads to an older record
    ADD person_id bigint GENERATED ALWAYS AS (coalesce(led_by, id)) STORED,
    ADD FOREIGN KEY (shop_id, led_by) REFERENCES customers (shop_id, id);
CREATE INDEX customers_person ON customers (shop_id, person_id);

-- Every record of the person that a record belongs to.
CREATE FUNCTION records_of(p_customer bigint) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(m.id ORDER BY m.id)
      FROM customers own JOIN customers m ON m.shop_id = own.shop_id AND m.person_id = own.person_id
     WHERE own.shop_id = current_shop() AND own.id = p_customer
$$;

-- What is known of the person that a record belongs to: counts and badges of all records; of a name, a language or a
-- habit the record's own, else that of the oldest record that has one. Who said stop on one channel said it.
CREATE FUNCTION person_of(p_customer bigint) RETURNS TABLE (
    records bigint[], name text, language text, opted_out boolean, preferred_means text, prefers_voice boolean,
    badges text[], paid_orders int, expired_holds int, spent_minor bigint, payment_seconds bigint
) LANGUAGE sql STABLE AS $$
    SELECT array_agg(m.id ORDER BY m.id),
           (array_agg(m.name ORDER BY m.id <> own.id, m.id) FILTER (WHERE m.name IS NOT NULL))[1],
           (array_agg(m.language ORDER BY m.id <> own.id, m.id) FILTER (WHERE m.language IS NOT NULL))[1],
           bool_or(m.opted_out),
           (array_agg(m.preferred_means ORDER BY m.id <> own.id, m.id) FILTER (WHERE m.preferred_means IS NOT NULL))[1],
           (array_agg(m.prefers_voice ORDER BY m.id <> own.id, m.id) FILTER (WHERE m.prefers_voice IS NOT NULL))[1],
           ARRAY(SELECT given.badge
                   FROM customers b CROSS JOIN unnest(b.badges) WITH ORDINALITY AS given (badge, n)
                  WHERE b.shop_id = own.shop_id AND b.person_id = own.person_id
                  GROUP BY given.badge ORDER BY min(b.id), min(given.n)),
           sum(m.paid_orders)::int, sum(m.expired_holds)::int, sum(m.spent_minor)::bigint, sum(m.payment_seconds)::bigint
      FROM customers own JOIN customers m ON m.shop_id = own.shop_id AND m.person_id = own.person_id
     WHERE own.shop_id = current_shop() AND own.id = p_customer
     GROUP BY own.shop_id, own.id, own.person_id
$$;
GRANT EXECUTE ON FUNCTION records_of, person_of TO griot_app;
