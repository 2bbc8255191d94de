"""Promotions: codes that a merchant has made, and what they are worth."""
