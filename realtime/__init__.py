"""Carries facts: feed, hub, gateway, delivery. Knows no domain noun."""
