"""Fetching what merchants point at, safely: addresses that anybody may type, answers that anybody may send."""
