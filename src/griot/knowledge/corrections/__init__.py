"""What vendors said a message meant: the shop's own examples for the offline interpreter."""
