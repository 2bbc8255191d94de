"""Catalogues of others: what a page, a feed or a file says about products, with what is doubtful about it."""
