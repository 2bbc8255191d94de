"""Buyers as a shop knows them: who they are, how they have paid, and the trust that follows from it."""
