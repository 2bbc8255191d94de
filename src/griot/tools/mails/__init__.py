"""E-mails to the people of a shop: written in the transaction that decided them, sent by the worker."""
