"""Dear work on files from outside, in processes of its own: bounded in time and memory, and queued."""
