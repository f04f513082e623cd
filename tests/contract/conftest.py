"""The triples are made by the same centre that the tests of the loop use."""

from tests.dispatch.conftest import desk

__all__ = ["desk"]
