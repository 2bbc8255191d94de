"""Hearing: from the bytes of a voice note to what a buyer would have typed."""
