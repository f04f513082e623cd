"""What `./relay` does: install, start, stop, test, save and restore. Standard library only.

It runs before anything is installed.
"""
