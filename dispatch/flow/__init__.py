"""Today's flow: how many issues took each step since midnight, and the latest steps, counted from the feed."""
