"""Who looks at what, now. Never in the feed, never in a snapshot: Redis alone carries it, and may vanish."""
