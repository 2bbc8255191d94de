"""What a shop sells: products with a code to say aloud, their variants and the stock of each."""
