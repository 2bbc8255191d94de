"""Questions that a shop has foreseen, with its own answers."""
