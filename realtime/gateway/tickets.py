"""Tickets: what a socket's hello proves instead of a query. Signed, short-lived, renewed over the socket.

Pure: key and time are passed in. Source: docs/protocol.md, "Tickets".
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.core import signing
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from realtime.feed.contract import AudienceClass, Pair, Scope
from realtime.gateway.contract import LiveActor, SubjectKind
from realtime.hub.connection import Identity

SALT: Final = "relay60.ticket"


class BadTicket(Exception):
    """The ticket was not signed here, or is not a ticket."""


class ExpiredTicket(Exception):
    """The ticket was ours, but its time is over: ask for a new one."""


class TicketFields(BaseModel):
    """What is signed. `pairs` are [token, class]; times are seconds since 1970."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sub: UUID
    kind: SubjectKind
    session: UUID
    session_expires_at: int | None
    device: UUID
    centre: UUID
    pairs: list[tuple[str, Annotated[str, StringConstraints(pattern="^(public|desk|sensitive)$")]]]
    access_version: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs and reads tickets with one key."""

    key: str
    lifetime_s: float

    def issue(self, identity: Identity, now: datetime) -> tuple[str, datetime]:
        """A ticket for `identity`, and when it expires: after the lifetime, and never after its session."""
        expires_at = datetime.fromtimestamp(int(now.timestamp() + self.lifetime_s), UTC)
        if identity.session_expires_at is not None:
            expires_at = min(expires_at, identity.session_expires_at)
        kind, _, subject = identity.principal.partition(":")
        session_end = identity.session_expires_at
        fields: dict[str, Any] = {
            "sub": subject,
            "kind": kind,
            "session": str(identity.session_id),
            "session_expires_at": int(session_end.timestamp()) if session_end else None,
            "device": str(identity.device_id),
            "centre": str(identity.centre_id),
            "pairs": [[pair.token, pair.ceiling.wire] for pair in identity.scope.pairs],
            "access_version": identity.access_version,
            "expires_at": int(expires_at.timestamp()),
        }
        return signing.Signer(key=self.key, salt=SALT, fallback_keys=[]).sign_object(fields, compress=True), expires_at

    def read(self, ticket: str, now: datetime) -> Identity:
        """Who a ticket speaks for. Raises BadTicket, or ExpiredTicket after its time."""
        try:
            value = signing.Signer(key=self.key, salt=SALT, fallback_keys=[]).unsign_object(ticket)
            fields = TicketFields.model_validate(value)
        except (signing.BadSignature, ValidationError, ValueError) as error:
            raise BadTicket("the ticket was not signed by this centre") from error
        if fields.expires_at <= now.timestamp():
            raise ExpiredTicket("the ticket has expired: ask for a new one")
        end = fields.session_expires_at
        return Identity(
            principal=f"{fields.kind}:{fields.sub}",
            session_id=fields.session,
            session_expires_at=datetime.fromtimestamp(end, UTC) if end is not None else None,
            device_id=fields.device,
            centre_id=fields.centre,
            scope=Scope(tuple(Pair(token, AudienceClass.of_wire(word)) for token, word in fields.pairs)),
            access_version=fields.access_version,
        )


def identity_of(actor: LiveActor, device_id: UUID) -> Identity:
    """What a ticket for this actor on this device says."""
    return Identity(
        principal=f"{actor.subject_kind}:{actor.subject_id}",
        session_id=actor.session_id,
        session_expires_at=actor.session_expires_at,
        device_id=device_id,
        centre_id=actor.centre_id,
        scope=actor.scope,
        access_version=actor.access_version,
    )
