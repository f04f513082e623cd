"""The fact of a changed setting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from typing_extensions import TypedDict

from command.settings.registry import SettingName, Value
from realtime.feed.cards import card_type
from realtime.feed.contract import Audience, AudienceClass, Change, Json


@card_type
class SettingCard(TypedDict):
    """A setting of the centre. Never open: settings are fetched, not kept on a screen."""

    name: SettingName
    open: bool
    value: bool | int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged:
    """The centre decides otherwise from now on. The values are the centre's rules, no personal data."""

    name: ClassVar[str] = "setting.changed"
    object_kind: ClassVar[str] = "setting"
    object_id: UUID
    version: int
    setting: str
    old: Value
    new: Value
    by: str

    @property
    def card(self) -> SettingCard:
        """Name and value."""
        return {"name": self.setting, "open": False, "value": self.new}

    def body(self) -> Mapping[str, Json]:
        """Who, and from what to what."""
        return {"by": self.by, "from": self.old, "to": self.new}


def change_of(fact: SettingChanged, root: str) -> Change:
    """The change that carries it, to the desk. `root` is the path of the centre's own cell."""
    audience = Audience.of([f"place:{root}"], AudienceClass.DESK)
    return Change(fact, audience if fact.version > 1 else None, audience)
