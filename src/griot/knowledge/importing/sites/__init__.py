"""What an address is that a merchant pasted, and what is fetched for it."""
