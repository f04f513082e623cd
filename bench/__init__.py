"""Measures what docs/benchmarks.md promises: `python -m bench NAME [--json]`, or `./relay bench NAME`."""
