"""Who works in the house: users, their roles in shops, sessions, tokens, and keys of the public API."""
