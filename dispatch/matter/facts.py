"""What all facts of an issue's aggregate share: the object as shown, and who did it. Pure.

The fact classes stand beside their noun: issues/facts.py, orders/facts.py, reports/facts.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import ClassVar, Final, cast
from uuid import UUID

from typing_extensions import TypedDict

from realtime.feed.contract import Card, Json

TIMER: Final = "system:timer"  # the principal when no person acted: a clock that ran out
UPGRADE: Final = "system:upgrade"  # of what only looks otherwise since a release
# Told because a release makes another card of the same rows: nothing happened, so no list of what happened has them.
REDRAWN: Final = (
    "call.redrawn",
    "escalation.redrawn",
    "issue.redrawn",
    "order.redrawn",
    "report.redrawn",
    "return.redrawn",
)


class OnPaper(TypedDict):
    """What the facts of a backfilled step say of it: no person, no free text."""

    ground: str
    happened_at: str
    verb: str


class Mark(TypedDict, total=False):
    """What any body says besides, where there is anything to say."""

    backfill: OnPaper
    danger: list[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """An object after a change: its next version and the whole card that screens draw.

    backfill   which step, when on paper and on what ground, where the change was entered from paper
    danger     numbers to call at once that the words said with it sound like: 110, 119, 120
    """

    object_id: UUID
    version: int
    card: Card
    backfill: OnPaper | None = None
    danger: Sequence[str] = ()

    @property
    def mark(self) -> Mark:
        """What the body says of a backfill and of words of danger; nothing where there is neither."""
        mark: Mark = {"backfill": self.backfill} if self.backfill else {}
        return {**mark, "danger": list(self.danger)} if self.danger else mark


@dataclass(frozen=True, slots=True)
class ObjectFact:
    """A change of one object. `by` is a principal: `person:<id>`, `api:<id>`, `system:timer`.

    What a kind of fact has for fields of its own, its body says: UUIDs as text, sequences as lists (frontend/src/api/
    facts.ts has them as types). Past facts keep their bodies: a field is added or left out, its meaning never changes.
    """

    name: ClassVar[str]
    zh: ClassVar[str]  # what it is called in a timeline
    object_kind: ClassVar[str]
    shown: Shown
    by: str

    def __init_subclass__(cls) -> None:
        """Raises TypeError, as the class is read, for a fact that has a name and no word."""
        own = vars(cls)
        if "name" in own and "zh" not in own:
            raise TypeError(f"{cls.__name__}: {own['name']} has no Chinese word")

    @property
    def object_id(self) -> UUID:
        """The object that the fact is about."""
        return self.shown.object_id

    @property
    def version(self) -> int:
        """The object's version after the change."""
        return self.shown.version

    @property
    def card(self) -> Card:
        """The object's whole card after the change."""
        return self.shown.card

    def body(self) -> Mapping[str, Json]:
        """Who, and what the card does not say."""
        return {"by": self.by, **self._own(), **cast("Mapping[str, Json]", self.shown.mark)}

    def _own(self) -> Mapping[str, Json]:
        return {name: _wire(getattr(self, name)) for name in own_fields(type(self))}


@dataclass(frozen=True, slots=True)
class Moved(ObjectFact):
    """A change of state, by the state table: from which state to which. None: the object began with it."""

    from_state: str | None
    to_state: str

    def body(self) -> Mapping[str, Json]:
        """Who, from, to, and what else the card does not say."""
        return {**ObjectFact.body(self), "from": self.from_state, "to": self.to_state}


_COMMON: Final = frozenset(field.name for field in (*fields(ObjectFact), *fields(Moved)))


def own_fields(fact: type[ObjectFact]) -> tuple[str, ...]:
    """The fields that a kind of fact adds to what all have."""
    return tuple(field.name for field in fields(fact) if field.name not in _COMMON)


def _wire(value: object) -> Json:
    """A field's value as JSON has it."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple | list):
        return [_wire(one) for one in value]
    return cast("Json", value)
