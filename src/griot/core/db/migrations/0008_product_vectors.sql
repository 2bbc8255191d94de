-- The meanings of titles in large catalogues, so that a restart need not make them again. They are searched in memory, all
-- of a shop at once, and are therefore bytes: half-precision floats, little-endian, a kilobyte for 512 of them.

CREATE TABLE product_vectors (
    shop_id           bigint NOT NULL,
    product_id        bigint NOT NULL,
    model             text NOT NULL,                            -- vectors of different models cannot be compared
    title_sha256      bytea NOT NULL,                           -- of the title that was embedded
    vector            bytea NOT NULL,
    PRIMARY KEY (shop_id, product_id, model),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id)
);
ALTER TABLE product_vectors ALTER vector SET STORAGE EXTERNAL;  -- floats do not compress
CALL protect('product_vectors');

-- Shops with more than so many products on sale of which some title has no vector of this model.
CREATE FUNCTION door_vectors(p_model text, p_more_than integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT p.shop_id
      FROM products p
      LEFT JOIN product_vectors v ON v.shop_id = p.shop_id AND v.product_id = p.id AND v.model = p_model
                                 AND v.title_sha256 = sha256(convert_to(p.title, 'UTF8'))
     WHERE p.active
     GROUP BY p.shop_id HAVING count(*) > p_more_than AND count(v.product_id) < count(*)
$$;
REVOKE ALL ON FUNCTION door_vectors FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_vectors TO griot_app;
