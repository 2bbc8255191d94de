"""WhatsApp as the simulator speaks it: business numbers, their messages, statuses and limits."""
