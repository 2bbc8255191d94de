"""Vectors of large catalogues in the database: made once for a title and a model."""
