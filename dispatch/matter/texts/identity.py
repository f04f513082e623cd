"""Identity numbers that are certain: 18 signs whose check digit is right, of somebody born. Pure.

For what is no text, such as a sender's own number: there the form alone (region, date, four digits) is also that of a
running number, 3305 02 2026 11 30 0012. Source: GB 11643-1999, ISO 7064 MOD 11-2.
"""

from datetime import date, timedelta
from typing import Final

from dispatch.matter.texts.identifiers import identifiers_in
from dispatch.matter.texts.numbers import Kind
from dispatch.matter.texts.written import written

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_SIGNS: Final = 18
_RUNNING: Final = timedelta(days=366)  # a date this near is when a running number was given, not when somebody was born


def holds_identity_number(text: str, today: date) -> bool:
    """Whether an identity number that is certain stands in the text, however it is written."""
    return any(
        one.kind is Kind.IDENTITY and _is_certain(text[one.start : one.end], today) for one in identifiers_in(text)
    )


def _is_certain(said: str, today: date) -> bool:
    text = written(said)
    digits = "".join(group.digits for group in text.groups(spoken=True))
    signs = digits if len(digits) == _SIGNS else digits + "X"
    if len(signs) != _SIGNS or (signs[-1] == "X" and text.plain[-1:].isdecimal()):
        return False
    try:
        born = date(int(signs[6:10]), int(signs[10:12]), int(signs[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(signs[:-1], _WEIGHTS, strict=True))
    return born < today - _RUNNING and _CHECKS[total % len(_CHECKS)] == signs[-1]
