-- What a merchant lets us read a source with, such as the access token of their Instagram shop: encrypted, never shown.

ALTER TABLE sources ADD token bytea;
