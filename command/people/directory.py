"""What an administrator reads of people, deputies and API clients. Frozen values out; nothing here writes or locks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, Q

from command.people.models import ApiClient, Delegation, Person, Post
from command.people.queries import delegated_now, held_now

PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class HeldView:
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


@dataclass(frozen=True, slots=True)
class AccountView:
    """Somebody's account. `version` is what an edit names."""

    id: UUID
    username: str
    name: str
    phone: str | None
    active: bool
    must_change_password: bool
    version: int
    posts: tuple[HeldView, ...]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Some accounts, by username; `cursor` asks for the next ones, None at the end."""

    people: tuple[AccountView, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class DelegationView:
    """A deputy of the duty lead."""

    id: UUID
    post_id: UUID
    name: str
    given_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class ClientView:
    """Another system."""

    id: UUID
    name: str
    channels: tuple[str, ...]
    made_at: datetime
    revoked_at: datetime | None
    version: int


def accounts(
    centre_id: UUID, *, words: str = "", unit_id: UUID | None = None, cursor: str = "", limit: int = PAGE
) -> AccountPage:
    """One page of the accounts of a centre, with the posts held now.

    words    in the username, the name or the telephone number
    unit_id  only who holds a post there
    Three statements.
    """
    rows = Person.objects.filter(centre_id=centre_id, username__gt=cursor).order_by("username")
    if words:
        rows = rows.filter(Q(username__icontains=words) | Q(name__contains=words) | Q(phone__contains=words))
    if unit_id is not None:
        rows = rows.filter(pk__in=Post.objects.filter(held_now(), unit_id=unit_id).values("person_id"))
    held = Post.objects.filter(held_now()).select_related("unit", "cell").order_by("active_from", "pk")
    standing = Delegation.objects.filter(delegated_now())
    held = held.defer("cell__polygon").prefetch_related(Prefetch("delegations", standing, to_attr="standing"))
    found = list(rows.prefetch_related(Prefetch("posts", held, to_attr="held"))[: limit + 1])
    shown = found[:limit]
    return AccountPage(tuple(_account(row) for row in shown), shown[-1].username if len(found) > limit else None)


def delegations(centre_id: UUID) -> list[DelegationView]:
    """The delegations that stand now, the next to end first. One statement."""
    rows = Delegation.objects.filter(delegated_now(), post__unit__centre_id=centre_id).order_by("until", "pk")
    return [
        DelegationView(row.pk, row.post_id, row.post.person.name, row.given_at, row.until)
        for row in rows.select_related("post__person")
    ]


def clients(centre_id: UUID) -> list[ClientView]:
    """The API clients of a centre, those that lost their key too, the newest first. One statement."""
    rows = ApiClient.objects.filter(centre_id=centre_id).order_by("-made_at", "pk")
    return [ClientView(row.pk, row.name, tuple(row.channels), row.made_at, row.revoked_at, row.version) for row in rows]


def _account(row: Person) -> AccountView:
    return AccountView(
        row.pk,
        row.username,
        row.name,
        row.phone,
        row.is_active,
        row.must_change_password,
        row.access_version,
        tuple(
            HeldView(
                post.pk,
                post.role,
                post.unit_id,
                post.unit.short,
                post.unit.kind,
                post.cell_id,
                post.cell.name if post.cell else None,
                post.active_from,
                post.standing[0].until if post.standing else None,
            )
            for post in row.held  # type: ignore[attr-defined]
        ),
    )
