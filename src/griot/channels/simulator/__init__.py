"""The phone simulator: a loopback Graph API that behaves like Meta's, and the phones of scripted buyers.

docs/reference/simulator.md says what it imitates, from which fact, and what it leaves out.
"""
