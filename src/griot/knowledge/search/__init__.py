"""Search over what a shop sells and knows: from a buyer's words to products and FAQ entries."""
