"""Voice notes: which ones wait to be heard, and what was heard in them."""
