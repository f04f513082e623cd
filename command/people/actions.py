"""The only writers of people's access: sessions, posts, devices. Each function: key, lock, authorise, save, record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q

from command.access import Right, Role
from command.people.accounts import end_sessions
from command.people.appointing import fits_place, fits_tier, fits_unit
from command.people.errors import TooManyAttempts
from command.people.facts import SessionEnded, control
from command.people.locks import (
    access_changed,
    lock_person,
    must_be_as_seen,
    must_leave_an_administrator,
    person_acting,
)
from command.people.models import ApiClient, Person, Post, SignIn, SignInFailure
from command.people.obligations import lock_units_of, must_leave_a_liaison
from command.people.queries import Now, username_digest
from command.people.secrets import digest, new_secret
from command.people.sessions import lasts
from command.units.departments import Kind
from command.units.models import Unit
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict, Invalid, NotFound, Unauthenticated

ATTEMPTS_COUNT_FOR: Final = timedelta(minutes=10)
MAX_FAILURES_AT_ADDRESS_AND_NAME: Final = 5
MAX_FAILURES_OF_NAME: Final = (
    50  # from anywhere; far above the other, so that a stranger can't easily lock a person out
)
MAX_FAILURES_AT_ADDRESS: Final = 100  # a whole office may stand behind one address


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to be given when a person is enrolled."""

    unit_id: UUID
    role: Role
    cell_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be enrolled. `password` None: can't sign in."""

    username: str
    name: str
    password: str | None
    posts: tuple[NewPost, ...]
    must_change_password: bool = False


def sign_in(username: str, password: str, *, address: str, replacing: UUID | None = None) -> SignIn:
    """Opens a session for the person with this name and password.

    address    where the attempt comes from; failures are counted by it and by the name
    replacing  the sign-in that the same browser had, whosever it is: it ends in the same instant, by a fact
    An attempt counts before it is judged, so that a burst of parallel ones gets no further than a series. An unknown
    name costs the same time as a wrong password. Raises Unauthenticated, TooManyAttempts.
    """
    name = username_digest(username)
    at = clock.at(None)
    attempt = SignInFailure.objects.create(username_digest=name, address=address, at=at)
    wait = _must_wait(name, address, at)
    if wait:
        attempt.delete()  # a refused attempt does not make the wait longer
        raise TooManyAttempts(wait)
    person = Person.objects.filter(username=username, is_active=True).first()
    known = check_password(password, person.password if person else _nobodys_password())
    if person is not None and person.must_change_password:
        check_password(password, _nobodys_password())  # a first password is cheap to check: nobody is to see that
    if not known or person is None:
        raise _not_let_in()
    with transaction.atomic(durable=True):
        # The check took its time: who was suspended or given another password meanwhile had this sign-in ended too.
        same = Person.objects.select_for_update(no_key=True).filter(pk=person.pk, is_active=True)
        if not same.filter(password=person.password).exists():
            raise _not_let_in()
        SignInFailure.objects.filter(username_digest=name, address=address).delete()
        row = SignIn.objects.create(person=person, began_at=at, expires_at=at + lasts(person.centre_id))
        if replacing is not None:
            _end_replaced(replacing)
        return row


def _end_replaced(session_id: UUID) -> None:
    """Ends the sign-in that a browser had before: its tickets and sockets are worth nothing within five seconds."""
    rows = SignIn.objects.select_for_update(no_key=True, of=("self",)).select_related("person__centre")
    row = rows.filter(pk=session_id, ended_at=None).first()
    if row is None:
        return
    row.ended_at = clock.at(row.began_at)
    row.save(update_fields=["ended_at"])
    person = row.person
    fact = SessionEnded(principal=f"person:{person.pk}", object_id=row.pk)
    record(None, control(fact, person.centre.code), at=row.ended_at, centre_id=person.centre_id)


@transaction.atomic(durable=True)
def sign_out(session_id: UUID, *, cmd: Command) -> Answer:
    """Ends a session; its sockets are closed within five seconds.

    Raises Replayed when it was ended by the same command, NotFound when it is another person's, Conflict when it has
    ended already.
    """
    once(cmd)
    actor = person_acting(cmd)
    row = SignIn.objects.select_for_update(no_key=True).filter(pk=session_id, person_id=actor.person_id).first()
    if row is None:
        raise NotFound("session.not_found", "没有这个会话。")
    if row.ended_at is not None:
        raise Conflict("session.ended", "会话已结束。")
    row.ended_at = clock.at(row.began_at)
    row.save(update_fields=["ended_at"])
    fact = SessionEnded(principal=actor.principal, object_id=row.pk)
    return record(cmd, control(fact, actor.root), at=row.ended_at)


@transaction.atomic(durable=True)
def give_post(
    person_id: UUID,
    role: Role,
    unit_id: UUID,
    cell_id: UUID | None = None,
    *,
    expected: int | None = None,
    cmd: Command,
) -> Answer:
    """Gives a person a role in a unit from now on, for the place `cell_id` where the role is a place's.

    Raises NotFound for a person, unit or cell of another centre, Forbidden, Conflict when the post is held already or
    the unit is retired, Invalid when the role needs a place or fits neither unit nor place, StaleVersion.
    """
    once(cmd)
    person = lock_person(person_id, cmd)
    unit = Unit.objects.filter(pk=unit_id, centre_id=person.centre_id).first()
    cells = Cell.objects.defer("polygon").filter(centre_id=person.centre_id, valid_until=None)
    cell = cells.filter(pk=cell_id).first() if cell_id else None
    if unit is None or (cell_id and cell is None):
        raise NotFound("unit.not_found", "没有这个单位或网格。")
    cmd.actor.must(Right.ADMIN_PEOPLE)
    if cell is None and role in (Role.TOWNSHIP_DESK, Role.GRID_MEMBER):
        raise Invalid("post.place_missing", "这个岗位必须指定所辖网格。", field="cell", rule="6")
    if unit.retired_at is not None:
        raise Conflict("unit.retired", "该单位已撤销，不能再任命岗位。", field="unit", remedy="请选择在用的单位。")
    _must_fit(role, unit, cell)
    if person.posts.filter(unit=unit, role=role, active_until=None).exists():
        raise Conflict("post.held", "此人已担任该岗位。")
    must_be_as_seen(person, expected)
    at = clock.at(None)
    post = Post.objects.create(person=person, unit=unit, role=role, cell=cell, active_from=at)
    of = {"post": str(post.pk), "role": role.value, "unit": str(unit.pk), "cell": str(cell.pk) if cell else None}
    return record(cmd, access_changed(person, person.centre.code, "post_given", by=cmd.actor.principal, of=of), at=at)


@transaction.atomic(durable=True)
def end_post(post_id: UUID, *, confirmed: bool = False, expected: int | None = None, cmd: Command) -> Answer:
    """Ends a post now.

    confirmed  the actor knows that the unit has open orders and that nobody is left to take them on
    expected   the version of the person who holds it
    Raises NotFound, Forbidden, Conflict when it has ended already, is the last administrator's, or, unconfirmed, the
    last liaison's of a unit with open orders; StaleVersion.
    """
    once(cmd)
    found = Post.objects.filter(pk=post_id, unit__centre_id=cmd.actor.centre_id).first()
    if found is None:
        raise NotFound("post.not_found", "没有这个岗位。")
    person = lock_person(found.person_id, cmd)
    cmd.actor.must(Right.ADMIN_PEOPLE)
    post = Post.objects.select_for_update(no_key=True).get(pk=post_id)
    if post.active_until is not None:
        raise Conflict("post.ended", "该岗位已结束。")
    must_be_as_seen(person, expected)
    must_leave_an_administrator(person.centre_id, Q(pk=post.pk))
    lock_units_of([post])
    if not confirmed:
        must_leave_a_liaison([post])
    post.active_until = clock.at(post.active_from)
    post.save(update_fields=["active_until"])
    change = access_changed(person, person.centre.code, "post_ended", by=cmd.actor.principal, of={"post": str(post.pk)})
    return record(cmd, change, at=post.active_until)


@transaction.atomic(durable=True)
def suspend(person_id: UUID, *, confirmed: bool = False, expected: int | None = None, cmd: Command) -> Answer:
    """Takes all access from a person at once, their sessions too; what they did stays theirs.

    Raises NotFound, Forbidden, Conflict when it was taken already or as for the end of their posts, StaleVersion.
    """
    once(cmd)
    person = lock_person(person_id, cmd)
    cmd.actor.must(Right.ADMIN_PEOPLE)
    if not person.is_active:
        raise Conflict("person.suspended", "该账号已停用。")
    must_be_as_seen(person, expected)
    must_leave_an_administrator(person.centre_id, Q(person=person))
    posts = list(person.posts.select_related("unit").filter(active_until=None))
    lock_units_of(posts)
    if not confirmed:
        must_leave_a_liaison(posts)
    at = clock.at(None)
    person.is_active = False
    person.save(update_fields=["is_active"])
    change = access_changed(person, person.centre.code, "suspended", by=cmd.actor.principal)
    return record(cmd, change, *end_sessions(person, at), at=at)


@transaction.atomic(durable=True)
def enrol(centre_id: UUID, root: str, people: Sequence[NewPerson]) -> list[UUID]:
    """Enters people with their posts, as an operator does when a centre is founded; at most 200. Their ids.

    Each gets access version 1 by a fact, so that a gateway that runs already knows of them. Raises IntegrityError for
    a username that is taken (`username_is_given_once`).
    """
    rows = [  # hashing is slow: before the first statement begins the transaction
        Person(
            centre_id=centre_id,
            username=new.username,
            name=new.name,
            password=_hashed(new.password) if new.password else make_password(None),
            must_change_password=new.must_change_password,
        )
        for new in people
    ]
    at = clock.at(None)
    Person.objects.bulk_create(rows)
    Post.objects.bulk_create(
        Post(person=row, unit_id=post.unit_id, role=post.role, cell_id=post.cell_id, active_from=at)
        for row, new in zip(rows, people, strict=True)
        for post in new.posts
    )
    if rows:
        record(None, *(access_changed(row, root) for row in rows), at=at, centre_id=centre_id)
    return [row.pk for row in rows]


@transaction.atomic(durable=True)
def make_api_client(centre_id: UUID, name: str, channels: Sequence[str]) -> str:
    """Lets another system file reports through these channels, as an operator does. Its key, told once, here.

    A client of the same name in this centre loses its key.
    """
    at, key = clock.at(None), new_secret()
    ApiClient.objects.filter(centre_id=centre_id, name=name, revoked_at=None).update(revoked_at=at)
    ApiClient.objects.create(
        centre_id=centre_id, name=name, channels=sorted(channels), key_hash=digest(key), made_at=at
    )
    return key


def forget_failures() -> int:
    """Removes refused attempts that no longer count. How many."""
    removed, _ = SignInFailure.objects.filter(at__lt=Now() - ATTEMPTS_COUNT_FOR).delete()
    return removed


def _not_let_in() -> Unauthenticated:
    return Unauthenticated("session.credentials", "用户名或密码不正确。")


def _must_wait(name: bytes, address: str, at: datetime) -> timedelta | None:
    """How long until the next attempt is judged; None: now. The attempt just made is among those counted."""
    recent = SignInFailure.objects.filter(at__gt=at - ATTEMPTS_COUNT_FOR)
    for failures, limit in (
        (recent.filter(username_digest=name, address=address), MAX_FAILURES_AT_ADDRESS_AND_NAME),
        (recent.filter(username_digest=name), MAX_FAILURES_OF_NAME),
        (recent.filter(address=address), MAX_FAILURES_AT_ADDRESS),
    ):
        newest_first = failures.order_by("-at", "-pk").values_list("at", flat=True)
        if too_many := list(newest_first[limit : limit + 1]):
            return too_many[0] + ATTEMPTS_COUNT_FOR - at
    return None


@cache
def _nobodys_password() -> str:
    """What the password of an unknown name is compared with, so that the answer takes as long."""
    return make_password(new_secret())


@cache
def _hashed(password: str) -> str:
    """Enrolled accounts that share a password share its hash: only demonstrations do, and by the dozen."""
    return make_password(password)


def _must_fit(role: Role, unit: Unit, cell: Cell | None) -> None:
    """Returns if the role can be held in this unit, for this place. Raises Invalid."""
    if not fits_unit(role, Kind(unit.kind)):
        raise Invalid(
            "post.unit_unfit",
            f"「{unit.short}」不能设这个岗位。",
            field="unit",
            rule="6",
            remedy="值班员、值班长属于值班席；镇街值班属于镇街或村社综治中心。",
        )
    if cell is not None and not (fits_tier(role, Tier(cell.tier)) and fits_place(role, cell.path, unit.cell_path)):
        raise Invalid(
            "post.place_unfit",
            "辖区与岗位或单位不符。",
            field="cell",
            rule="6",
            remedy="镇街值班选本单位的镇街或村社；网格员选网格或微网格。",
        )
