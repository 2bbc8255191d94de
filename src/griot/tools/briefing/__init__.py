"""The daily briefing: what happened in a shop yesterday, and what waits for its vendor today."""
