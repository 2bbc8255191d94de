"""Orders: one basket with one deadline, one reference and one payment."""
