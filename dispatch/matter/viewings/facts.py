"""What is told of a look: once, never open, for the desk. Pure."""

from dataclasses import dataclass
from typing import ClassVar

from dispatch.matter.facts import ObjectFact


@dataclass(frozen=True, slots=True)
class ViewingMade(ObjectFact):
    """Somebody opened a photo or a document, or printed a slip: by which post, what, and why that post may."""

    name: ClassVar[str] = "viewing.made"
    zh: ClassVar[str] = "查看"
    object_kind: ClassVar[str] = "viewing"
    post: str
    what: str
    of: str
    reason: str
