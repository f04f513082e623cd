"""What is told once beside an issue, as an object of its own that fewer may know: reveals, amendments. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from dispatch.matter.facts import ObjectFact
from realtime.feed.contract import Json


@dataclass(frozen=True, slots=True)
class AmendmentMade(ObjectFact):
    """What was and what is, by name, after a correction; the reason is the note of the same id."""

    name: ClassVar[str] = "amendment.made"
    zh: ClassVar[str] = "更正"
    object_kind: ClassVar[str] = "amendment"
    changed: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class RevealMade(ObjectFact):
    """Somebody read the issue's personal data in clear, for a reason: the note of the same id."""

    name: ClassVar[str] = "reveal.made"
    zh: ClassVar[str] = "查看明文"
    object_kind: ClassVar[str] = "reveal"
