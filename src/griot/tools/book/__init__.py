"""The order book: the orders of all channels in columns, what waits, orders made by hand, and lists to take along."""
