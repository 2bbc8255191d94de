"""Shops: open one, connect its number and its payment provider, change its settings."""
