"""Suites of conversations, run through the real turn code and graded by their effects."""
