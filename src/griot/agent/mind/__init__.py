"""Thinking: from what is known of a thread to acts, by a language model or by rules."""
