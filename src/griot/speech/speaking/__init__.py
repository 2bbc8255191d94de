"""Speaking: from a text of the shop to the bytes of a voice note."""
