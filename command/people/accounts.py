"""The only writers of accounts: make, rename, restore, passwords, deputies. Posts and suspension are in `actions`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from command.access import Right, Role, SignedIn
from command.people.facts import SessionEnded, control
from command.people.locks import access_changed, lock_person, must_be_as_seen
from command.people.models import Delegation, Person, Post, SignIn
from command.people.passwords import checked, new_first_password
from command.people.queries import delegated_now
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.codes import RefusalCode
from realtime.feed.contract import Answer, Change, Command
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound

LONGEST_DELEGATION: Final = timedelta(days=31)
_MOST_TOLD: Final = 190  # facts of one action are 200 at most
_TAKEN: Final[Mapping[str, tuple[RefusalCode, str, str]]] = {
    "username_is_given_once": ("person.username_taken", "username", "这个用户名已被使用。"),
    "phone_belongs_to_one_person": ("person.phone_taken", "phone", "这个手机号已属于另一人。"),
}


@dataclass(frozen=True, slots=True)
class Details:
    """Who somebody is, its form checked."""

    username: str
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class WithPassword:
    """An answer, and the first password that goes with it, told once, here."""

    answer: Answer
    first_password: str


def make(details: Details, *, cmd: Command) -> WithPassword:
    """Makes an account with a first password, without posts yet.

    Raises Forbidden, Conflict for a username or telephone number that is somebody's.
    """
    first = new_first_password()
    hashed = make_password(first, hasher="first_password")
    try:
        return WithPassword(_make(details, hashed, cmd=cmd), first)
    except IntegrityError as error:
        raise taken(error) from error


@transaction.atomic(durable=True)
def _make(details: Details, hashed: str, *, cmd: Command) -> Answer:
    once(cmd)
    cmd.actor.must(Right.ADMIN_PEOPLE)
    person = Person(
        id=uuid4(),
        centre_id=cmd.actor.centre_id,
        username=details.username,
        name=details.name,
        phone=details.phone,
        password=hashed,
        must_change_password=True,
    )
    person.save(force_insert=True)
    change = access_changed(person, person.centre.code, "enrolled", by=cmd.actor.principal)
    return record(cmd, change, at=clock.at(None))


def rename(person_id: UUID, details: Details, *, expected: int | None, cmd: Command) -> Answer:
    """Corrects somebody's username, name and telephone number. Raises as `make`, NotFound, StaleVersion."""
    try:
        return _rename(person_id, details, expected=expected, cmd=cmd)
    except IntegrityError as error:
        raise taken(error) from error


@transaction.atomic(durable=True)
def _rename(person_id: UUID, details: Details, *, expected: int | None, cmd: Command) -> Answer:
    once(cmd)
    person = lock_person(person_id, cmd)
    cmd.actor.must(Right.ADMIN_PEOPLE)
    must_be_as_seen(person, expected)
    person.username, person.name, person.phone = details.username, details.name, details.phone
    person.save(update_fields=["username", "name", "phone"])
    return record(cmd, access_changed(person, person.centre.code, "renamed", by=cmd.actor.principal), at=clock.at(None))


@transaction.atomic(durable=True)
def restore(person_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Gives a suspended person access again, by the posts that have not ended. Raises NotFound, Forbidden, Conflict."""
    once(cmd)
    person = lock_person(person_id, cmd)
    cmd.actor.must(Right.ADMIN_PEOPLE)
    if person.is_active:
        raise Conflict("person.active", "该账号正在使用中。")
    must_be_as_seen(person, expected)
    person.is_active = True
    person.save(update_fields=["is_active"])
    change = access_changed(person, person.centre.code, "restored", by=cmd.actor.principal)
    return record(cmd, change, at=clock.at(None))


@transaction.atomic(durable=True)
def reset_password(person_id: UUID, *, expected: int | None, cmd: Command) -> WithPassword:
    """Gives somebody a new first password; their sessions end. Raises NotFound, Forbidden, StaleVersion."""
    once(cmd)
    person = lock_person(person_id, cmd)
    cmd.actor.must(Right.ADMIN_PEOPLE)
    must_be_as_seen(person, expected)
    first = new_first_password()
    person.password, person.must_change_password = make_password(first, hasher="first_password"), True
    person.save(update_fields=["password", "must_change_password"])
    at = clock.at(None)
    change = access_changed(person, person.centre.code, "password_reset", by=cmd.actor.principal)
    return WithPassword(record(cmd, change, *end_sessions(person, at), at=at), first)


def change_password(old: str, new: str, *, cmd: Command) -> Answer:
    """Changes one's own password; other sessions of the person end.

    Judged and hashed before the transaction: argon2 takes its time, and who holds a transaction idle is cut off.
    Raises Replayed, Forbidden for what is no person, Invalid for a wrong old password or a new one that won't do,
    Conflict when it was changed meanwhile.
    """
    actor = cmd.actor
    if not isinstance(actor, SignedIn):
        raise Forbidden("right.missing", "只有人员账号可以进行这项操作。")
    person = Person.objects.only("password", "username").get(pk=actor.person_id)
    refusal: Invalid | None = None
    hashed = ""
    if not check_password(old, person.password):
        refusal = Invalid("password.wrong", "原密码不正确。", field="old", remedy="忘记密码请联系管理员。")
    elif old == new:
        refusal = Invalid("password.same", "新密码不能与原密码相同。", field="new", remedy="请换一个密码。")
    else:
        hashed = make_password(checked(new, username=person.username))
    return _change_password(person.password, hashed, refusal, actor=actor, cmd=cmd)


@transaction.atomic(durable=True)
def _change_password(seen: str, hashed: str, refusal: Invalid | None, *, actor: SignedIn, cmd: Command) -> Answer:
    once(cmd)  # first: a repeat finds its old password wrong
    if refusal is not None:
        raise refusal
    person = lock_person(actor.person_id, cmd)
    if person.password != seen:
        raise Conflict("password.changed", "密码刚刚已被修改。", remedy="请用现在的密码重新登录。")
    person.password, person.must_change_password = hashed, False
    person.save(update_fields=["password", "must_change_password"])
    at = clock.at(None)
    change = access_changed(person, person.centre.code, "password_changed", by=actor.principal)
    return record(cmd, change, *end_sessions(person, at, but=actor.session_id), at=at)


@transaction.atomic(durable=True)
def delegate(post_id: UUID, until: datetime, *, cmd: Command) -> Answer:
    """Lets the holder of a duty officer's post decide what the duty lead decides, until a time.

    Raises NotFound, Forbidden, Invalid for another role, a time that is past or more than 31 days off, Conflict when
    it is delegated already.
    """
    once(cmd)
    post = Post.objects.filter(pk=post_id, unit__centre_id=cmd.actor.centre_id).first()
    if post is None:
        raise NotFound("post.not_found", "没有这个岗位。")
    person = lock_person(post.person_id, cmd)
    cmd.actor.must(Right.DELEGATIONS_MANAGE)
    if post.role != Role.DUTY_OFFICER or post.active_until is not None or not person.is_active:
        raise Invalid("delegation.not_an_officer", "只能委托给在岗的值班员。", field="post", rule="派遣单")
    at = clock.at(None)
    if not at < until <= at + LONGEST_DELEGATION:
        raise Invalid("delegation.until", "委托期限须在今后 31 天之内。", field="until", remedy="请改为较近的时间。")
    if Delegation.objects.filter(delegated_now(), post=post).exists():
        raise Conflict("delegation.held", "已委托给此人。", remedy="请先收回原委托。")
    row = Delegation.objects.create(post=post, given_by=cmd.actor.principal, given_at=at, until=until)
    of = {"delegation": str(row.pk), "post": str(post.pk), "until": until.isoformat()}
    return record(cmd, access_changed(person, person.centre.code, "delegated", by=cmd.actor.principal, of=of), at=at)


@transaction.atomic(durable=True)
def end_delegation(delegation_id: UUID, *, cmd: Command) -> Answer:
    """Takes a delegation back before its time. Raises NotFound, Forbidden, Conflict when it has ended."""
    once(cmd)
    row = Delegation.objects.filter(pk=delegation_id, post__unit__centre_id=cmd.actor.centre_id).first()
    if row is None:
        raise NotFound("delegation.not_found", "没有这项委托。")
    person = lock_person(Post.objects.values_list("person_id", flat=True).get(pk=row.post_id), cmd)
    cmd.actor.must(Right.DELEGATIONS_MANAGE)
    row = Delegation.objects.select_for_update(no_key=True).get(pk=delegation_id)
    at = clock.at(row.given_at)
    if row.ended_at is not None or row.until <= at:
        raise Conflict("delegation.ended", "这项委托已结束。")
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    of = {"delegation": str(row.pk), "post": str(row.post_id)}
    return record(cmd, access_changed(person, person.centre.code, "undelegated", by=cmd.actor.principal, of=of), at=at)


def taken(error: IntegrityError) -> Exception:
    """The refusal that a broken constraint of a person means; the error itself when it means none."""
    said = _TAKEN.get(getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "")
    if said is None:
        return error
    code, field, detail = said
    return Conflict(code, detail, field=field, remedy="请换一个，或修改原有的账号。")


def end_sessions(person: Person, at: datetime, *, but: UUID | None = None) -> Sequence[Change]:
    """Ends all open sessions of a locked person, but one; a fact for each of the newest 190.

    The fact of the person's new access version, which comes with them, closes the sockets of the others.
    """
    rows = SignIn.objects.select_for_update(no_key=True).filter(person=person, ended_at=None, expires_at__gt=at)
    if but is not None:
        rows = rows.exclude(pk=but)
    ended = list(rows.order_by("-began_at").values_list("pk", flat=True))
    SignIn.objects.filter(pk__in=ended).update(ended_at=at)
    facts = [SessionEnded(principal=f"person:{person.pk}", object_id=session) for session in ended[:_MOST_TOLD]]
    return [control(fact, person.centre.code) for fact in facts]
