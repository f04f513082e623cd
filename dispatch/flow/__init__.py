"""Today's latest steps of issues, from the feed."""
