"""Sessions and screens over HTTP: parse, call, answer."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token, rotate_token
from ninja import Field, Router, Schema, Status

from command.access import SignedIn
from command.people import accounts, actions, queries, screens
from command.people.authentication import (
    BY_PERSON,
    BY_PERSON_WITH_FIRST_PASSWORD,
    SESSION_KEY,
    PersonSession,
    command_of,
    person_of,
    sign_in_of,
    split_device,
)
from command.people.draft_keys import draft_key
from command.people.sources import source_asking
from command.settings.queries import settings_of
from realtime.feed.errors import Invalid, NotFound, Replayed, Unauthenticated

router = Router(tags=["people"])
NO_CONTROLS: Final = r"^[^\x00-\x1f\x7f]*$"  # PostgreSQL keeps no NUL in a text


class Named(Schema):
    """Something with an id and a name."""

    id: UUID
    name: str


class CentreOut(Named):
    """The centre; `path` is the root of its cells' paths."""

    path: str


class PostCellOut(Schema):
    """The cell that a post is responsible for."""

    code: str
    name: str
    path: str
    tier: str


class PostOut(Schema):
    """A post that is held now; `cell` null: its unit's alone."""

    id: UUID
    role: str
    unit: Named
    cell: PostCellOut | None


class SessionOut(Schema):
    """Who is signed in, and what the posts allow."""

    person: Named
    centre: CentreOut
    posts: list[PostOut]
    rights: list[str]
    must_change_password: bool
    username: str
    expires_at: datetime  # unless it is used again before
    left_s: int


class UsedOut(Schema):
    """When the session ends unless it is used again before; in seconds too, for a device whose clock is wrong."""

    expires_at: datetime
    left_s: int


class DraftKeyOut(Schema):
    """What seals and opens the person's half-written work on a device: JWK on P-256, and how many days it is kept."""

    x: str
    y: str
    d: str
    kept_days: int


class Credentials(Schema):
    """What a person signs in with."""

    username: str = Field(min_length=1, max_length=150, pattern=NO_CONTROLS)
    password: str = Field(min_length=1, max_length=1000)


class PasswordChange(Schema):
    """The password that was, and the one to be."""

    old: str = Field(min_length=1, max_length=1000)
    new: str = Field(min_length=1, max_length=1000)


class OfferedDeviceOut(Schema):
    """A screen that waits for approval; its secret is told once."""

    id: UUID
    secret: str
    code: str


class PairingOut(Schema):
    """What a screen learns about itself."""

    id: UUID
    state: str
    code: str | None
    name: str
    centre: CentreOut | None


class Approval(Schema):
    """The code that a screen shows, and the name that it gets."""

    code: str = Field(min_length=1, max_length=20, pattern=NO_CONTROLS)
    name: str = Field(min_length=1, max_length=50, pattern=NO_CONTROLS)


class DeviceOut(Named):
    """A screen of the centre."""

    approved_at: datetime
    revoked_at: datetime | None


@router.get("/session", response=SessionOut)
def read_session(request: HttpRequest) -> SessionOut:
    """Who is signed in. 401 when nobody is. Sets the CSRF cookie in either case."""
    get_token(request)
    return _session_out(_signed_in(request))


@router.post("/session", response=SessionOut)
def begin_session(request: HttpRequest, credentials: Credentials) -> SessionOut:
    """Signs in; who was signed in here before is signed out. Only JSON is taken: no form on another site signs in."""
    if request.content_type != "application/json":
        raise Invalid("session.not_json", "登录请求须为 JSON。", field="Content-Type")
    before = sign_in_of(request)
    row = actions.sign_in(credentials.username, credentials.password, address=source_asking(request), replacing=before)
    request.session.flush()  # a session that was there before is worth nothing after
    request.session[SESSION_KEY] = str(row.pk)
    rotate_token(request)
    actor = queries.signed_in(row.pk)
    assert actor is not None
    return _session_out(actor)


@router.post("/session/use", auth=BY_PERSON, response=UsedOut)
def use_session(request: HttpRequest) -> UsedOut:
    """Says that somebody pressed a key or touched the screen. Repeating it does no harm: it has no key."""
    actor = person_of(request)
    return UsedOut(expires_at=actor.session_expires_at, left_s=int(actor.session_left.total_seconds()))


@router.get("/session/draft-key", auth=BY_PERSON, response=DraftKeyOut)
def read_draft_key(request: HttpRequest, response: HttpResponse) -> DraftKeyOut:
    """The key to what this person has half written, on whatever device. No page may store it."""
    actor, response["Cache-Control"] = person_of(request), "no-store"
    key = draft_key(actor.person_id)
    return DraftKeyOut(x=key.x, y=key.y, d=key.d, kept_days=settings_of(actor.centre_id).draft_kept_days)


@router.post("/session/password", auth=BY_PERSON_WITH_FIRST_PASSWORD, response={204: None})
def change_password(request: HttpRequest, change: PasswordChange) -> Status[None]:
    """Changes one's own password; other sessions of the person end."""
    with suppress(Replayed):  # changed by this very command before
        accounts.change_password(change.old, change.new, cmd=command_of(request))
    return Status(204, None)


@router.delete("/session", auth=BY_PERSON_WITH_FIRST_PASSWORD, response={204: None})
def end_session(request: HttpRequest) -> Status[None]:
    """Signs out; the sockets of this session are closed within five seconds."""
    actor = person_of(request)
    actions.sign_out(actor.session_id, cmd=command_of(request, key=f"sign_out:{actor.session_id}"))
    request.session.flush()
    return Status(204, None)


@router.post("/devices", response={201: OfferedDeviceOut})
def offer_device(request: HttpRequest) -> Status[screens.OfferedDevice]:
    """Makes a screen that waits for approval. Anybody may: it sees nothing until a duty lead approves its code.

    A repeated key gets the same screen with the same secret while it waits.
    """
    return Status(201, screens.offer_device(request.headers.get("Idempotency-Key", ""), source=source_asking(request)))


@router.get("/devices/me", response=PairingOut)
def read_own_device(request: HttpRequest) -> PairingOut:
    """How far this screen's pairing is, by its `X-Device` header. 401 for a wrong secret or after too long a wait."""
    device_id, secret = split_device(request.headers.get("X-Device"))
    view = queries.pairing(device_id, secret) if device_id else None
    if view is None:
        raise Unauthenticated("device.unknown", "屏幕未配对，或配对已过期。", remedy="请重新配对。")
    centre = None
    if view.centre_id and view.state == "approved":
        centre = CentreOut(id=view.centre_id, name=view.centre_name or "", path=view.centre_path or "")
    return PairingOut(id=view.id, state=view.state, code=view.code, name=view.name, centre=centre)


@router.post("/devices/approve", auth=BY_PERSON, response=DeviceOut)
def approve_device(request: HttpRequest, approval: Approval) -> queries.DeviceView:
    """Pairs the screen that shows the code with the centre."""
    actor = person_of(request)
    try:
        answer = screens.approve_device(approval.code, approval.name, cmd=command_of(request))
    except Replayed as replayed:
        answer = replayed.answer
    return _device(actor, UUID(json.loads(answer.body)["object"]["id"]))


@router.get("/devices", auth=BY_PERSON, response=list[DeviceOut])
def list_devices(request: HttpRequest) -> list[queries.DeviceView]:
    """The screens of the centre, for who may approve them."""
    actor = person_of(request)
    actor.must("devices.approve")
    return queries.devices(actor.centre_id)


@router.delete("/devices/{device_id}", auth=BY_PERSON, response={204: None})
def revoke_device(request: HttpRequest, device_id: UUID) -> Status[None]:
    """Takes a screen's access for good; it closes within five seconds."""
    with suppress(Replayed):  # revoked by this very command before
        screens.revoke_device(device_id, cmd=command_of(request))
    return Status(204, None)


def _signed_in(request: HttpRequest) -> SignedIn:
    session = PersonSession(with_first_password=True)
    if session(request) is None:
        raise Unauthenticated("session.none", "请先登录。")
    return person_of(request)


def _session_out(actor: SignedIn) -> SessionOut:
    view = queries.person_view(actor.person_id)
    return SessionOut(
        person=Named(id=view.id, name=view.name),
        centre=CentreOut(id=view.centre_id, name=view.centre_name, path=view.centre_path),
        posts=[
            PostOut(
                id=post.id,
                role=post.role,
                unit=Named(id=post.unit_id, name=post.unit_name),
                cell=PostCellOut.model_validate(post.cell, from_attributes=True) if post.cell else None,
            )
            for post in view.posts
        ],
        rights=list(actor.rights),
        must_change_password=actor.must_change_password,
        username=view.username,
        expires_at=actor.session_expires_at,
        left_s=int(actor.session_left.total_seconds()),
    )


def _device(actor: SignedIn, device_id: UUID) -> queries.DeviceView:
    for view in queries.devices(actor.centre_id):
        if view.id == device_id:
            return view
    raise NotFound("device.not_found", "没有这块屏幕。")
