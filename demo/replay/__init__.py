"""Real requests of another city, brought in live through the API."""
