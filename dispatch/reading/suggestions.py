"""Which items of the catalogue a text sounds like, by their keywords. Pure. A match suggests; a person decides.

A longer match outweighs a shorter one inside it: of "水管爆" and "水管" in one place only the former counts.
Source: docs/rules.md, "An issue".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

MOST: Final = 5


class Keyed(Protocol):
    """What an item of a catalogue must tell."""

    @property
    def code(self) -> str:
        """Four digits."""

    @property
    def item_zh(self) -> str:
        """What it is called."""

    @property
    def keywords(self) -> Sequence[str]:
        """Everyday phrases."""

    @property
    def lead_department(self) -> str:
        """Who usually leads."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item, the keywords that were found, and how much they weigh together."""

    code: str
    item_zh: str
    lead_department: str
    matches: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    word: str
    code: str


def suggest(text: str, items: Iterable[Keyed], *, most: int = MOST) -> tuple[Suggestion, ...]:
    """The likeliest items, the likeliest first, at most `most`; none when no keyword is found.

    A keyword weighs the square of its length, once however often it is said; the item's own name counts as one.
    """
    known = {item.code: item for item in items}
    kept = _outermost([match for item in known.values() for match in _matches(text, item)])
    words: dict[str, set[str]] = {}
    for match in kept:
        words.setdefault(match.code, set()).add(match.word)
    found = [
        Suggestion(
            code,
            known[code].item_zh,
            known[code].lead_department,
            tuple(sorted(matched, key=lambda word: (-len(word), word))),
            sum(len(word) ** 2 for word in matched),
        )
        for code, matched in words.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.weight, -len(one.matches[0]), one.code))[:most])


def _matches(text: str, item: Keyed) -> Iterable[_Match]:
    for word in {*item.keywords, item.item_zh}:
        start = text.find(word)
        while start >= 0:
            yield _Match(start, start + len(word), word, item.code)
            start = text.find(word, start + 1)


def _outermost(matches: Sequence[_Match]) -> list[_Match]:
    """Those that lie inside no longer one. Sorted first: to compare each with each was slow in a long text."""
    kept: list[_Match] = []
    reach, longest = -1, 0  # how far those reach that began before, and how long the one is that reaches so far
    for match in sorted(matches, key=lambda one: (one.start, -one.end)):
        if match.end > reach:
            reach, longest = match.end, len(match.word)
        elif len(match.word) < longest:
            continue
        kept.append(match)
    return kept
