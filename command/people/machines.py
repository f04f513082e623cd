"""Who acts and is no person: another system by its key, a screen by its secret. Pure: no Django, no database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from command.access import PersonActor, Right, right_missing
from realtime.feed.contract import Audience, AudienceClass, Pair, Scope


@dataclass(frozen=True)
class ApiActor:
    """Another system that files reports through its channels. It sees nothing but its answers."""

    client_id: UUID
    centre_id: UUID
    channels: frozenset[str]

    @property
    def principal(self) -> str:
        """`api:<id>`."""
        return f"api:{self.client_id}"

    @property
    def scope(self) -> Scope:
        """Nothing."""
        return Scope(())

    def scope_for(self, right: str) -> Scope:
        """Nothing. Raises Forbidden for what is not to make reports."""
        self.must(right)
        return self.scope

    def may(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> bool:
        """Whether `right` is to make reports."""
        return right == Right.REPORTS_MAKE

    def must(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> None:
        """Returns if the client holds `right`. Raises Forbidden."""
        if not self.may(right):
            raise right_missing(right)


@dataclass(frozen=True)
class DeviceActor:
    """A paired screen on a wall. It sees what is public in its centre and does nothing."""

    device_id: UUID
    centre_id: UUID
    root: str
    access_version: int = 0

    @property
    def principal(self) -> str:
        """`device:<id>`."""
        return f"device:{self.device_id}"

    @property
    def subject_kind(self) -> Literal["person", "device"]:
        """A device."""
        return "device"

    @property
    def subject_id(self) -> UUID:
        """The device's id: the object of `access` facts."""
        return self.device_id

    @property
    def session_id(self) -> UUID:
        """The device's own id: it has no sessions, it is paired until revoked."""
        return self.device_id

    @property
    def session_expires_at(self) -> datetime | None:
        """Never."""
        return None

    @property
    def scope(self) -> Scope:
        """The whole centre, public."""
        return Scope((Pair(f"place:{self.root}", AudienceClass.PUBLIC),))

    def scope_for(self, right: str) -> Scope:
        """Raises Forbidden, always: a screen holds no right."""
        raise right_missing(right)

    def may(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> bool:
        """Never: a screen only shows."""
        return False

    def must(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> None:
        """Raises Forbidden, always."""
        raise right_missing(right)


AnyActor = PersonActor | ApiActor | DeviceActor
