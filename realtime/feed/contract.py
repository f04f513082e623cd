"""What every part that speaks to the feed shares: audience, scope, actor, command, fact, change, answer.

Pure: no Django, no clock, no database. `realtime` defines these shapes and knows no domain noun; `command` fills
`Actor` and `Scope`, `dispatch` fills `Fact`. Source: docs/protocol.md, "Facts" and "Audience".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Protocol, TypeAlias
from uuid import UUID

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Card: TypeAlias = Mapping[str, object]  # its noun declares which keys (realtime/feed/cards.py); JSON, with `open`

HASH_PIECE_BYTES: Final = 8  # what a cursor and a frame carry of the chain's hash
GENESIS_HASH: Final = bytes(32)
MAX_FACTS_PER_TRANSACTION: Final = 200  # one head update; above this the head is held for too long


class AudienceClass(IntEnum):
    """Who within the matching tokens may know; a connection's ceiling must reach it.

    CONTROL is never sent to a screen: the gateway itself acts on it.
    """

    PUBLIC = 0
    DESK = 1
    SENSITIVE = 2
    CONTROL = 3

    @property
    def wire(self) -> str:
        """The word that frames, tickets and stored audiences use."""
        return self.name.lower()

    @classmethod
    def of_wire(cls, word: str) -> "AudienceClass":
        """The class of a wire word. Raises KeyError for any other word."""
        return cls[word.upper()]


@dataclass(frozen=True, slots=True)
class Audience:
    """The tokens (`place:<path>`, `unit:<id>`, `post:<id>`) and the class that decide which connections get a fact."""

    tokens: tuple[str, ...]
    audience_class: AudienceClass

    @classmethod
    def of(cls, tokens: Sequence[str], audience_class: AudienceClass) -> "Audience":
        """An audience with its tokens sorted and unique, so that equal audiences have equal bytes."""
        return cls(tuple(sorted(set(tokens))), audience_class)

    def wire(self) -> dict[str, Json]:
        """The JSON value that is stored, hashed and read back."""
        return {"class": self.audience_class.wire, "tokens": list(self.tokens)}

    @classmethod
    def of_wire(cls, value: Mapping[str, object]) -> "Audience":
        """The inverse of `wire`. Raises KeyError or TypeError on another shape."""
        tokens = value["tokens"]
        if not isinstance(tokens, list):
            raise TypeError(f"tokens is a list, not {type(tokens).__name__}")
        return cls(tuple(str(token) for token in tokens), AudienceClass.of_wire(str(value["class"])))


def reaches(token: str, held: str) -> bool:
    """Whether a connection that holds `held` is meant by an audience's `token`: equal, or an ancestor place.

    `place:330199` holds `place:330199/001`; it does not hold `place:3301990`.
    """
    if token == held:
        return True
    return held.startswith("place:") and token.startswith(held + "/")


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing that a connection holds: a token, and the highest class that it may see there."""

    token: str
    ceiling: AudienceClass


@dataclass(frozen=True, slots=True)
class Scope:
    """All pairs of a person or device: what it may see."""

    pairs: tuple[Pair, ...]

    def sees(self, audience: Audience) -> bool:
        """Whether one pair's token matches and its ceiling reaches the class. CONTROL is seen by nobody."""
        if audience.audience_class is AudienceClass.CONTROL:
            return False
        for pair in self.pairs:  # written out: a snapshot asks thousands of times
            if pair.ceiling >= audience.audience_class:
                for token in audience.tokens:
                    if reaches(token, pair.token):
                        return True
        return False


class Actor(Protocol):
    """Who acts: a person, an API client, a device or a part of the system. Filled by command/people."""

    @property
    def principal(self) -> str:
        """`person:<uuid>`, `api:<uuid>`, `device:<uuid>` or `system:<part>`; idempotency keys are unique within it."""

    @property
    def centre_id(self) -> UUID:
        """The one centre that this actor belongs to."""

    @property
    def scope(self) -> Scope:
        """What the actor may see."""

    def scope_for(self, right: str) -> Scope:
        """What the actor may see by what gives it `right`, and by nothing else. Raises Forbidden without the right."""

    def must(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> None:
        """Returns if the actor holds `right`. Raises Forbidden.

        unit_id  for which unit, where the right is a unit's
        place    for which place (a path), where the right is a place's
        about    whose the thing is that it is done to: what gives the right must itself see it
        """


@dataclass(frozen=True, slots=True)
class Command:
    """One request to act: who, under which idempotency key, and the digest of what was asked."""

    actor: Actor
    key: str
    body_hash: bytes  # sha256 over method, path and body: the same key with another body is refused


class Fact(Protocol):
    """A typed, past-tense record of one change of one object. No personal data, no free text."""

    name: ClassVar[str]
    object_kind: ClassVar[str]

    @property
    def object_id(self) -> UUID:
        """The one object that the fact is about."""

    @property
    def version(self) -> int:
        """The object's version after the change; each fact about an object takes the next."""

    @property
    def card(self) -> Card:
        """The object's whole card after the change, with a boolean `open`."""

    def body(self) -> Mapping[str, Json]:
        """What the card does not say: who, from, to, ground. A key `card` in it is refused by `record`."""


@dataclass(frozen=True, slots=True)
class Change:
    """A fact with its audience before and after; `addressed_to` is the token whose own devices give receipts."""

    fact: Fact
    before: Audience | None
    after: Audience
    addressed_to: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A command's answer, byte for byte the same each time: canonical JSON of card, object, seq, version."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where in which history a reader stands: epoch, seq and the hash there (32 bytes, or its first 8)."""

    epoch: int
    seq: int
    hash: bytes
