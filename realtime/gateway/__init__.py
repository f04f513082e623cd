"""The live socket: tickets, frames, the tail of the feed, and the snapshot that a screen begins with."""
