"""What buyers let the shop know in a structured way: where to deliver, when, what to make."""
