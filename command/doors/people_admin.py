"""People, posts, deputies and API clients over HTTP, for administrators: parse, call, answer."""

import json
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from command import clients, forms
from command.access import Right, Role
from command.doors.people import NO_CONTROLS
from command.people import accounts, actions, directory
from command.people.authentication import BY_PERSON, command_of, person_of
from command.phones import plain, why_no_phone
from command.requests import (
    ANSWERS,
    PROBLEMS,
    AnswerOut,
    Body,
    Instant,
    Line,
    ProblemOut,
    a_name,
    answered,
    must_expect,
)
from realtime.feed.contract import Answer
from realtime.feed.errors import Invalid, Replayed

router = Router(tags=["admin"], auth=BY_PERSON)
Username = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=forms.USERNAME)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=30, pattern=r"^[^\x00-\x1f\x7f]+$")]


class DetailsIn(Body):
    """Who somebody is."""

    username: Username
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] = Field(
        pattern=r"^[^\x00-\x1f\x7f]+$"
    )
    phone: Phone | None = None

    def details(self) -> accounts.Details:
        """The same for the action."""
        phone = plain(self.phone) if self.phone else None
        if phone and (why := why_no_phone(phone)):
            raise Invalid("person.phone_invalid", f"{why}。", field="phone", rule="6", remedy="请填写一个完整的号码。")
        return accounts.Details(self.username, a_name(self.name, "name"), phone)


class SuspendPersonIn(Body):
    """`confirmed`: although a unit with open orders is left without a liaison."""

    confirmed: bool = False


class PostIn(Body):
    """A role in a unit, and the place that it answers for."""

    person: UUID
    role: Role
    unit: UUID
    cell: UUID | None = None


class DelegationIn(Body):
    """Who is the duty lead's deputy, until when."""

    post: UUID
    until: Instant


class ClientIn(Body):
    """Another system, and the channels that it may file by."""

    name: Line
    channels: list[Annotated[str, StringConstraints(max_length=40)]] = Field(min_length=1, max_length=50)


class Asked(Schema):
    """Which accounts: words in username, name or number; who holds a post in a unit; the page after `cursor`."""

    q: str = Field("", max_length=50, pattern=NO_CONTROLS)
    unit: UUID | None = None
    cursor: str = Field("", max_length=50, pattern=NO_CONTROLS)


class HeldOut(Schema):
    """A post that somebody holds now."""

    id: UUID
    role: str
    unit_id: UUID
    unit: str
    unit_kind: str
    cell_id: UUID | None
    cell: str | None
    active_from: datetime
    deputises_until: datetime | None


class AccountOut(Schema):
    """Somebody's account."""

    id: UUID
    username: str
    name: str
    phone: str | None
    active: bool
    must_change_password: bool
    version: int
    posts: list[HeldOut]


class AccountPageOut(Schema):
    """Some accounts."""

    people: list[AccountOut]
    cursor: str | None


class DelegationOut(Schema):
    """A deputy of the duty lead."""

    id: UUID
    post_id: UUID
    name: str
    given_at: datetime
    until: datetime


class ClientOut(Schema):
    """Another system."""

    id: UUID
    name: str
    channels: list[str]
    made_at: datetime
    revoked_at: datetime | None
    version: int


class WithFirstPassword(AnswerOut):
    """The answer, and the first password: told once; a repeat of the command tells none."""

    first_password: str | None


class WithKey(AnswerOut):
    """The answer, and the key: told once; a repeat of the command tells none."""

    key: str | None


SECRET: Final[dict[Any, Any]] = {200: WithFirstPassword, PROBLEMS: ProblemOut}


@router.get("/people", response={200: AccountPageOut, PROBLEMS: ProblemOut})
def list_people(
    request: HttpRequest,
    asked: Query[Asked],
) -> directory.AccountPage:
    """The accounts of the centre with their posts, by username."""
    actor = person_of(request)
    actor.must(Right.ADMIN_PEOPLE)
    return directory.accounts(actor.centre_id, words=asked.q.strip(), unit_id=asked.unit, cursor=asked.cursor)


@router.post("/people", response=SECRET)
def make_person(request: HttpRequest, details: DetailsIn) -> HttpResponse:
    """Makes an account; its first password is in the answer, once."""
    try:
        made = accounts.make(details.details(), cmd=command_of(request))
    except Replayed as replayed:
        return with_secret(replayed.answer, "first_password", None)
    return with_secret(made.answer, "first_password", made.first_password)


@router.post("/people/{person_id}/rename", response=ANSWERS)
def rename_person(request: HttpRequest, person_id: UUID, details: DetailsIn) -> HttpResponse:
    """Corrects username, name, telephone number."""
    cmd = command_of(request)
    return answered(accounts.rename(person_id, details.details(), expected=must_expect(request), cmd=cmd))


@router.post("/people/{person_id}/suspend", response=ANSWERS)
def suspend_person(request: HttpRequest, person_id: UUID, asked: SuspendPersonIn) -> HttpResponse:
    """Takes all access at once."""
    expected, cmd = must_expect(request), command_of(request)
    return answered(actions.suspend(person_id, confirmed=asked.confirmed, expected=expected, cmd=cmd))


@router.post("/people/{person_id}/restore", response=ANSWERS)
def restore_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Gives access again."""
    return answered(accounts.restore(person_id, expected=must_expect(request), cmd=command_of(request)))


@router.post("/people/{person_id}/reset_password", response=SECRET)
def reset_password(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Makes a new first password; it is in the answer, once. The person's sessions end."""
    try:
        made = accounts.reset_password(person_id, expected=must_expect(request), cmd=command_of(request))
    except Replayed as replayed:
        return with_secret(replayed.answer, "first_password", None)
    return with_secret(made.answer, "first_password", made.first_password)


@router.post("/posts", response=ANSWERS)
def give_post(request: HttpRequest, post: PostIn) -> HttpResponse:
    """Gives somebody a role in a unit from now on; `If-Match` is the person's version."""
    expected, cmd = must_expect(request), command_of(request)
    return answered(actions.give_post(post.person, post.role, post.unit, post.cell, expected=expected, cmd=cmd))


@router.post("/posts/{post_id}/end", response=ANSWERS)
def end_post(request: HttpRequest, post_id: UUID, asked: SuspendPersonIn) -> HttpResponse:
    """Ends a post now; `If-Match` is the version of the person who holds it."""
    expected, cmd = must_expect(request), command_of(request)
    return answered(actions.end_post(post_id, confirmed=asked.confirmed, expected=expected, cmd=cmd))


@router.get("/delegations", response={200: list[DelegationOut], PROBLEMS: ProblemOut})
def list_delegations(request: HttpRequest) -> list[directory.DelegationView]:
    """The deputies of the duty lead as they stand."""
    actor = person_of(request)
    actor.must(Right.DELEGATIONS_MANAGE)
    return directory.delegations(actor.centre_id)


@router.post("/delegations", response=ANSWERS)
def delegate(request: HttpRequest, asked: DelegationIn) -> HttpResponse:
    """Makes a duty officer the duty lead's deputy until a time."""
    return answered(accounts.delegate(asked.post, asked.until, cmd=command_of(request)))


@router.post("/delegations/{delegation_id}/end", response=ANSWERS)
def end_delegation(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """Takes a delegation back before its time."""
    return answered(accounts.end_delegation(delegation_id, cmd=command_of(request)))


@router.get("/api-clients", response={200: list[ClientOut], PROBLEMS: ProblemOut})
def list_clients(request: HttpRequest) -> list[directory.ClientView]:
    """The other systems that file reports."""
    actor = person_of(request)
    actor.must(Right.ADMIN_API_CLIENTS)
    return directory.clients(actor.centre_id)


@router.post("/api-clients", response={200: WithKey, PROBLEMS: ProblemOut})
def make_client(request: HttpRequest, asked: ClientIn) -> HttpResponse:
    """Gives another system a key; it is in the answer, once."""
    try:
        made = clients.make(asked.name, asked.channels, cmd=command_of(request))
    except Replayed as replayed:
        return with_secret(replayed.answer, "key", None)
    return with_secret(made.answer, "key", made.key)


@router.post("/api-clients/{client_id}/revoke", response=ANSWERS)
def revoke_client(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Takes a system's key for good."""
    return answered(clients.revoke(client_id, expected=must_expect(request), cmd=command_of(request)))


def with_secret(answer: Answer, name: str, secret: object) -> HttpResponse:
    """An answer with what is told once beside it; the stored answer never holds it."""
    body = json.dumps({**json.loads(answer.body), name: secret}, ensure_ascii=False)
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "no-store"})
