"""A shop's own answers, read from its pages: delivery, returns, payment, questions that are often asked."""
