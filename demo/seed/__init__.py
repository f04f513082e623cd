"""The demonstration: a centre, its accounts, and issues made by the real actions."""
