"""Personal data as screens show it: 张**, 138****1234. Pure. In clear only by a reveal, with a reason.

Masks what can be recognised by its form (telephone and identity numbers, also with blanks or hyphens in between)
and the reporter's own name. What a text says in words beyond that stays: that is why lists never show text.
"""

import re
from dataclasses import dataclass
from typing import Final

_IDENTITY: Final = re.compile(r"(?<!\d)\d{6}[ -]?(?:18|19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx](?!\d)", re.ASCII)
_OLD_IDENTITY: Final = re.compile(r"(?<!\d)\d{15}(?!\d)", re.ASCII)
_MOBILE: Final = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)", re.ASCII)
_LANDLINE: Final = re.compile(r"(?<!\d)(0\d{2,3})[ -]?\d{4,5}(\d{3})(?!\d)", re.ASCII)
_FULL_WIDTH: Final = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {0xFF38: "X", 0xFF58: "x", 0xFF0D: "-"}
_SHORTEST_NUMBER: Final = 7  # a number with fewer digits would be given away by its last three


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whom a report is about (当事人), apart from who told it."""

    name: str | None = None
    phone: str | None = None
    note: str | None = None  # how they belong to the matter: 楼上住户, 施工方

    def masked(self) -> "Party":
        """The same with everything recognisable masked."""
        return Party(
            mask_name(self.name) if self.name else None,
            mask_phone(self.phone) if self.phone else None,
            mask_text(self.note) if self.note else None,
        )


@dataclass(frozen=True, slots=True)
class Personal:
    """What a report says of people: sealed in the database, never in a fact."""

    text: str
    address: str | None
    reporter_name: str | None
    reporter_phone: str | None
    parties: tuple[Party, ...] = ()

    def masked(self) -> "Personal":
        """The same with everything recognisable masked."""
        text = mask_text(self.text)
        for name in (self.reporter_name, *(party.name for party in self.parties)):
            if name and len(name) > 1:
                text = text.replace(name, mask_name(name))
        return Personal(
            text,
            mask_address(self.address) if self.address else None,
            mask_name(self.reporter_name) if self.reporter_name else None,
            mask_phone(self.reporter_phone) if self.reporter_phone else None,
            tuple(party.masked() for party in self.parties),
        )


def mask_name(name: str) -> str:
    """The first character and two stars, whatever the length: 张三 and 欧阳修文 both keep one character."""
    return name[:1] + "**"


def mask_phone(phone: str) -> str:
    """A mobile number keeps three digits in front and four behind; any other its last three or nothing."""
    digits = re.sub(r"\D", "", phone.translate(_FULL_WIDTH), flags=re.ASCII)
    if match := _MOBILE.fullmatch(digits):
        return f"{match[1]}****{match[2]}"
    return "****" + (digits[-3:] if len(digits) >= _SHORTEST_NUMBER else "")


def mask_address(address: str) -> str:
    """The street stays, every number in it goes: 和平路12号3幢 → 和平路*号*幢."""
    return re.sub(r"\d+", "*", address)


def mask_text(text: str) -> str:
    """The text with telephone and identity numbers masked."""
    plain = text.translate(_FULL_WIDTH)
    plain = _IDENTITY.sub(lambda found: found[0][0] + "*" * 16 + found[0][-1], plain)
    plain = _OLD_IDENTITY.sub(lambda found: found[0][0] + "*" * 13 + found[0][-1], plain)
    plain = _MOBILE.sub(r"\1****\2", plain)
    return _LANDLINE.sub(r"\1****\2", plain)
