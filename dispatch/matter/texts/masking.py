"""Personal data as screens show it: 张**, 138****1234. Pure. In clear only by a reveal, with a reason.

Masks what can be recognised by its form (`identifiers`: numbers of every kind and writing, plates, mail addresses,
accounts), the numbers and names that the report itself gives for its reporter and its parties. What a text says in
words beyond that stays: that is why lists never show text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dispatch.matter.texts.identifiers import digits_of, identifiers_in, name_form, replaced
from dispatch.matter.texts.numbers import Found, Kind, mask_digits


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whom a report is about (当事人), apart from who told it."""

    name: str | None = None
    phone: str | None = None
    note: str | None = None  # how they belong to the matter: 楼上住户, 施工方

    def masked(self, people: Sequence["Party"] = ()) -> "Party":
        """The same with everything recognisable masked, the names and numbers of these people too."""
        return Party(
            mask_name(self.name) if self.name else None,
            mask_phone(self.phone) if self.phone else None,
            mask_text(self.note, people) if self.note else None,
        )


@dataclass(frozen=True, slots=True)
class Personal:
    """What a report says of people: sealed in the database, never in a fact."""

    text: str
    address: str | None
    reporter_name: str | None
    reporter_phone: str | None
    parties: tuple[Party, ...] = ()
    protected: bool = False  # who told is shown to nobody: they asked for it, or their channel says so

    @property
    def people(self) -> tuple[Party, ...]:
        """Everybody whom the report names, its reporter first."""
        return (Party(self.reporter_name, self.reporter_phone), *self.parties)

    def masked(self) -> "Personal":
        """The same with everything recognisable masked."""
        shown = self.for_revealing()
        return Personal(
            mask_text(shown.text, self.people),
            mask_address(mask_text(shown.address, self.people)) if shown.address else None,
            mask_name(shown.reporter_name) if shown.reporter_name else None,
            mask_phone(shown.reporter_phone) if shown.reporter_phone else None,
            tuple(party.masked(self.people) for party in shown.parties),
            self.protected,
        )

    def for_revealing(self) -> "Personal":
        """What a reveal shows: all of it, but for who told where their identity is protected, in the texts too."""
        if not self.protected:
            return self
        told = Party(self.reporter_name, self.reporter_phone)

        def without(text: str) -> str:
            return hide(text, told)

        return Personal(
            without(self.text),
            without(self.address) if self.address else None,
            HIDDEN if self.reporter_name else None,
            HIDDEN if self.reporter_phone else None,
            tuple(
                Party(party.name, party.phone, without(party.note) if party.note else None) for party in self.parties
            ),
            protected=True,
        )


HIDDEN: Final = "**"  # not even a surname, nor the last digits


def hide(text: str, person: Party) -> str:
    """The text without this person's name and number, in whatever writing; everything else stays as it is."""
    if person.phone:
        own = digits_of(person.phone)
        text = replaced(
            text,
            [
                Found(one.start, one.end, one.kind, HIDDEN)
                for one in identifiers_in(text, phones=[person.phone])
                if one.kind is Kind.PHONE and _same(digits_of(text[one.start : one.end]), own)
            ],
        )
    if person.name and len(person.name.strip()) > 1:
        text = name_form(person.name).sub(HIDDEN, text)
    return text


def _same(said: str, own: str) -> bool:
    """Whether the digits mean the own number: with or without its area, its country, an extension."""
    return own in said or said in own


def mask_name(name: str) -> str:
    """The first character and two stars, whatever the length: 张三 and 欧阳修文 both keep one character."""
    return name if name == HIDDEN else name[:1] + "**"


def mask_phone(phone: str) -> str:
    """A mobile number keeps three digits in front and four behind; any other its last three or nothing."""
    return mask_digits(digits_of(phone))


def mask_address(address: str) -> str:
    """The street stays, every number in it goes: 和平路12号3幢 → 和平路*号*幢."""
    return re.sub(r"\d+", "*", address)


def mask_text(text: str, people: Sequence[Party] = ()) -> str:
    """The text with everything that leads to a person by its form masked, and the names and numbers of these people."""
    text = replaced(text, identifiers_in(text, phones=[one.phone for one in people if one.phone]))
    for name in {one.name for one in people if one.name and len(one.name.strip()) > 1}:
        text = name_form(name).sub(lambda found: mask_name(found[0]), text)
    return text
