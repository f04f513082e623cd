"""One form for a telephone number, so that a number belongs to one person however it was typed. Pure."""

import re

_SPACING = re.compile(r"[\s-]")
_HERE = re.compile(r"(\+|00)86(?=1[0-9]{10}$)")  # of a mobile number only: 0086 begins nothing else here


def plain(number: str) -> str:
    """`138-0000 0000`, `+86 138 0000 0000` and `13800000000` are one number."""
    return _HERE.sub("", _SPACING.sub("", number))
