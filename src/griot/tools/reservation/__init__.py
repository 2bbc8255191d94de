"""Stock that cannot be oversold: holds with a deadline, the waiting list, and what frees itself."""
