"""An object as its latest fact shows it: what a screen begins with. Its card stays as it was written and hashed.

Reading 5,000 cards only to write them again took a third of a snapshot.
"""

from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

import orjson

from realtime.feed.canonical import canonical
from realtime.feed.contract import Audience, Card

_BEFORE_CARD: Final = b',"card":'
_AFTER_CARD: Final = b',"name":"'


@dataclass(frozen=True, slots=True)
class ShownObject:
    """One object: the card and version of its latest fact, and who may see it."""

    kind: str
    id: UUID
    version: int
    written: bytes  # the card's canonical JSON
    audience: Audience

    @classmethod
    def of_card(cls, kind: str, id_: UUID, version: int, card: Card, audience: Audience) -> Self:
        """The object with a card that no fact has written yet."""
        return cls(kind, id_, version, canonical(card), audience)

    @property
    def card(self) -> Card:
        """The card, read."""
        read: Card = orjson.loads(self.written)
        return read

    def wire(self) -> bytes:
        """The JSON of a snapshot's line: kind, id, version, card."""
        head = f'{{"kind":"{self.kind}","id":"{self.id}","version":{self.version},"card":'
        return b"%b%b}" % (head.encode(), self.written)


def written_card(fact: bytes) -> bytes:
    """A stored fact's card, cut out of its canonical JSON unread.

    Keys are sorted: at, body, card, name, object, to, version. No body has a key `card` (`has_card`), and what follows
    the card has one key `name`; inside strings a quote is escaped.
    """
    return fact[fact.index(_BEFORE_CARD) + len(_BEFORE_CARD) : fact.rindex(_AFTER_CARD)]


def has_card(body: bytes) -> bool:
    """Whether a fact with this body, in canonical JSON, would be cut at the wrong place: `record` refuses it."""
    return _BEFORE_CARD in body
