"""A whole running product for tests, and the people and screens that reach it.

`product` (tests/conftest.py) is one for all tests; `own_product` is one per test, for who breaks more than it mends.
"""

from tests.live.people import Caller, Person, Reply
from tests.live.product import Product, Template
from tests.live.screen import Screen
from tests.live.waiting import DidNotHappen, stays, wait_for

__all__ = ["Caller", "DidNotHappen", "Person", "Product", "Reply", "Screen", "Template", "stays", "wait_for"]
