-- Pictures of products, fetched from where the catalogue says they are and kept, so that replies do not depend on that
-- place. A row is made when a picture is first asked for; one without content was not had yet, or cannot be had.

CREATE TABLE product_images (
    shop_id           bigint NOT NULL,
    product_id        bigint NOT NULL,
    address           text NOT NULL,                            -- products.image_url as it was then
    content           bytea,                                    -- as it is sent
    sha256            bytea,                                    -- of the answer, to know it again
    mime              text,
    width             integer,
    height            integer,
    etag              text,                                     -- what the place calls this answer
    modified          text,
    fetched_at        timestamptz,
    trouble           text,                                     -- why the last attempt failed, for the merchant
    tries             integer NOT NULL DEFAULT 0,               -- attempts that failed, one after the other
    next_at           timestamptz NOT NULL,                     -- when to look again; while one is looking, its end
    PRIMARY KEY (shop_id, product_id),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id),
    CHECK (content IS NULL OR (sha256 IS NOT NULL AND mime IS NOT NULL AND width > 0 AND height > 0
                               AND fetched_at IS NOT NULL))
);
ALTER TABLE product_images ALTER content SET STORAGE EXTERNAL;  -- a JPEG does not compress
CALL protect('product_images');

-- Shops with a product whose picture was not fetched yet, has another address now, or is to be looked at again.
CREATE FUNCTION door_pictures(p_now timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = griot, pg_temp AS $$
    SELECT s.shop_id FROM shops s
     WHERE EXISTS (SELECT FROM products p
                     LEFT JOIN product_images i ON i.shop_id = p.shop_id AND i.product_id = p.id
                    WHERE p.shop_id = s.shop_id AND p.active AND p.image_url <> ''
                      AND (i.product_id IS NULL OR i.address <> p.image_url OR i.next_at <= p_now))
$$;
REVOKE ALL ON FUNCTION door_pictures FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_pictures TO griot_app;
