"""Who gets a fact: connections by (token, class), so that a fact costs what it reaches and not what is connected."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final

from realtime.feed.contract import Audience, AudienceClass, Pair
from realtime.hub.connection import Connection

_SCREEN_CLASSES: Final = (AudienceClass.PUBLIC, AudienceClass.DESK, AudienceClass.SENSITIVE)
_NOBODY: Final[frozenset[Connection]] = frozenset()

Buckets = tuple[set[Connection], set[Connection], set[Connection]]


@lru_cache(maxsize=16_384)
def held_by(token: str) -> tuple[str, ...]:
    """The tokens whose holders are meant by `token`: itself, and for a place every ancestor."""
    if not token.startswith("place:"):
        return (token,)
    steps = token.split("/")
    return tuple("/".join(steps[: n + 1]) for n in range(len(steps)))


class TokenIndex:
    """For each held token three sets: the connections whose ceiling there reaches public, desk, sensitive."""

    __slots__ = ("_buckets",)

    def __init__(self) -> None:
        self._buckets: dict[str, Buckets] = {}

    def add(self, connection: Connection, pairs: Iterable[Pair]) -> None:
        """Enters a connection under all of its pairs."""
        for pair in pairs:
            buckets = self._buckets.get(pair.token)
            if buckets is None:
                buckets = self._buckets[pair.token] = (set(), set(), set())
            for audience_class in _SCREEN_CLASSES:
                if audience_class <= pair.ceiling:
                    buckets[audience_class].add(connection)

    def remove(self, connection: Connection, pairs: Iterable[Pair]) -> None:
        """Takes a connection out again; empty tokens leave nothing behind."""
        for pair in pairs:
            buckets = self._buckets.get(pair.token)
            if buckets is None:
                continue
            for bucket in buckets:
                bucket.discard(connection)
            if not buckets[AudienceClass.PUBLIC]:  # every ceiling reaches public
                del self._buckets[pair.token]

    def matching(self, audience: Audience) -> Collection[Connection]:
        """The connections that see an audience, each once. A live view where one token decides: don't change it."""
        audience_class = audience.audience_class
        if audience_class is AudienceClass.CONTROL:
            return _NOBODY
        buckets = self._buckets
        found: list[set[Connection]] = []
        for token in audience.tokens:
            for held in held_by(token):
                entry = buckets.get(held)
                if entry is not None and entry[audience_class]:
                    found.append(entry[audience_class])
        if len(found) == 1:
            return found[0]
        return set().union(*found) if found else _NOBODY
