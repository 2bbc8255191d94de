"""The far end of the sandbox provider: a payment company of our own, for development, tests, demo and evals.

It is spoken to over HTTP like any other, and misbehaves on demand (``state.Faults``).
"""
