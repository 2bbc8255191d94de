"""Weights of models: what they are, where they come from, and that they are what they should be."""

from griot.speech.weights.store import Fetched, fetch, folder

__all__ = ["Fetched", "fetch", "folder"]
