"""Imports that somebody asked for and a worker carries out: read, shown, written, and how far they are."""
