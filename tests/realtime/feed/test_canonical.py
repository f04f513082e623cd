"""The fast writer says what the authority says, byte for byte, for everything that a card or a body can hold."""

from enum import StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from realtime.feed.canonical import canonical

_SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | st.floats(allow_nan=False)
_FINITE = _SCALARS.filter(lambda value: not isinstance(value, float) or abs(value) != float("inf"))
_VALUES = st.recursive(_FINITE, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=25)


@given(_VALUES)
@example({"b": '\x00\x1f\x7f\u2028"\\/\b\f\n\r\t\x0b', "a": {"é": 1, "z": "漏水"}})
@example({"\U0001f600": 1, "\ufb33": 2})  # UTF-16 puts the first before the second, code points do not
@example({"position": [120.33, 1e21, -0.0, 1.0]})
@example({"a": "\U0001f6b0井盖", "A": [], "aa": {}})
def test_both_write_the_same_bytes(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.floats(1e-6, 2.0**54) | st.floats(-180, 180) | st.integers(1, 10**9).map(lambda n: n / 10**5))
def test_both_write_the_same_digits(value: float) -> None:
    assert canonical({"lon": value}) == rfc8785.dumps({"lon": value})


class _Word(StrEnum):
    GENERAL = "general"


@pytest.mark.parametrize("value", [{"level": _Word.GENERAL}, {"cells": ("a", "b")}, {"on": True, "n": 1}])
def test_types_that_cards_are_made_of(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [{"n": 2**53}, {"n": float("nan")}, {"s": "\ud800"}, {1: "a"}])
def test_what_the_authority_refuses_is_refused(value: Any) -> None:
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
        canonical(value)
