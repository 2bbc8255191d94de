"""Buyers who only try the shop, on the simulated phones of the channels' simulator."""
