"""Where to act first: a score of each conversation, with its reasons, and the order in which they want a person."""
