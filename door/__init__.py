"""What `./relay` does: install, start, stop, test, save and restore. Standard library only: it runs before anything is installed."""
