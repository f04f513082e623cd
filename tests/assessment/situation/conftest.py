"""Centres for the tests of situation reports: those of the loop."""

from tests.dispatch.conftest import desk, other_desk, real_desk

__all__ = ["desk", "other_desk", "real_desk"]
