"""How well a shop is answered and sells over time: the key figures of product.md §11, counted from the tables."""
