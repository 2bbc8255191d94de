"""A shop's own answers, read from its pages and tables: delivery, returns, payment, questions that are often asked."""
