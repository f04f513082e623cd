"""Reads of people, posts and devices. Frozen values out, never model rows; nothing here writes or locks."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, DateTimeField, Func, Q, QuerySet

from command.access import HeldPost, PersonActor, Role, SignedIn
from command.people.machines import ApiActor, DeviceActor
from command.people.models import ApiClient, Device, Person, Post, SignIn
from command.people.secrets import digest
from command.settings.registry import Settings
from command.units.departments import Kind


class Now(Func):
    """The database's time for actions, inside a statement."""

    template = "relay_at(NULL)"
    output_field = DateTimeField()


USE_NOTED_AFTER: Final = timedelta(minutes=5)  # what comes sooner after the last use changes nothing worth a write
# The posts that the person `p` holds at `now.at`, as `HeldPost` takes them, the first first.
_POSTS: Final = f"""
SELECT o.id, o.role, o.unit_id, g.path, EXISTS (
           SELECT FROM people_delegation d WHERE d.post_id = o.id AND d.given_at <= now.at AND d.until > now.at
           AND (d.ended_at IS NULL OR d.ended_at > now.at)),
       CASE WHEN u.kind = '{Kind.DESK}' THEN c.code
            WHEN u.kind IN ('{Kind.TOWNSHIP_CENTRE}', '{Kind.COMMUNITY_CENTRE}') THEN u.cell_path END
FROM people_post o JOIN organisations_unit u ON u.id = o.unit_id JOIN organisations_centre c ON c.id = u.centre_id
LEFT JOIN grid_cell g ON g.id = o.cell_id
WHERE o.person_id = p.id AND o.active_from <= now.at AND (o.active_until IS NULL OR o.active_until > now.at)
ORDER BY o.active_from, o.id
"""  # noqa: S608  # words of our own
_POSTS_NOW: Final = f"""
SELECT held.* FROM people_person p, relay_at(NULL) AS now(at), LATERAL ({_POSTS}) held WHERE p.id = %s
"""  # noqa: S608
_SIGNED_IN: Final = f"""
SELECT s.expires_at, now.at,
       (SELECT value #>> '{{}}' FROM settings_setting WHERE centre_id = p.centre_id AND name = 'session_hours'),
       p.id, p.centre_id, home.code, p.access_version, p.must_change_password, held.*
FROM people_signin s JOIN people_person p ON p.id = s.person_id JOIN organisations_centre home ON home.id = p.centre_id
CROSS JOIN relay_at(NULL) AS now(at) LEFT JOIN LATERAL ({_POSTS}) held ON true
WHERE s.id = %s AND s.ended_at IS NULL AND s.expires_at > now.at AND p.is_active
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class PostCell:
    """The cell that a post is responsible for."""

    code: str
    name: str
    path: str
    tier: str


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as its holder's screen names it."""

    id: UUID
    role: str
    unit_id: UUID
    unit_name: str
    cell: PostCell | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """Who is signed in, as the screen shows it."""

    id: UUID
    username: str
    name: str
    centre_id: UUID
    centre_name: str
    centre_path: str
    posts: tuple[PostView, ...]


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A screen of the centre. `revoked_at` is set when it may no longer sign in."""

    id: UUID
    name: str
    approved_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class PairingView:
    """What a screen learns about itself: `waiting` with its code, `approved` with its centre, or `revoked`."""

    id: UUID
    state: str
    code: str | None
    name: str
    centre_id: UUID | None
    centre_name: str | None
    centre_path: str | None


@dataclass(frozen=True, slots=True)
class DoneBy:
    """Who did something, as a timeline names it: a person and the unit of the post, or a system by its name."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Tenure:
    """From when until when somebody held a post; `until` None: still."""

    principal: str
    since: datetime
    until: datetime | None


def held_now(of: str = "") -> Q:
    """Posts that are held at this moment; `of` leads to the post from another row (`post__`)."""
    return Q(**{f"{of}active_from__lte": Now()}) & (
        Q(**{f"{of}active_until": None}) | Q(**{f"{of}active_until__gt": Now()})
    )


def held_posts() -> QuerySet[Post]:
    """The posts that somebody active holds at this moment."""
    return Post.objects.filter(held_now(), person__is_active=True)


def delegated_now() -> Q:
    """Delegations that hold at this moment."""
    return Q(given_at__lte=Now(), until__gt=Now()) & (Q(ended_at=None) | Q(ended_at__gt=Now()))


def actor_of_person(person_id: UUID) -> PersonActor:
    """The actor of an active person, for work that no request began (seeds, tests).

    Raises Person.DoesNotExist. Two statements.
    """
    person = Person.objects.select_related("centre").get(pk=person_id, is_active=True)
    with connection.cursor() as cursor:
        cursor.execute(_POSTS_NOW, [person_id])
        posts = _posts(cursor.fetchall())
    return PersonActor(person.pk, person.centre_id, person.centre.code, posts, person.access_version)


def signed_in(sign_in_id: UUID) -> SignedIn | None:
    """The actor behind an open session; None when it has ended or run out, or the person is suspended.

    One statement, written in SQL: every request of a signed-in person asks it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SIGNED_IN, [sign_in_id])
        rows = cursor.fetchall()
    if not rows:
        return None
    expires_at, read_at, hours, person_id, centre_id, root, access_version, must_change_password = rows[0][:8]
    lasts = timedelta(hours=int(hours) if hours else Settings().session_hours)
    return SignedIn(
        person_id,
        centre_id,
        root,
        _posts(row[8:] for row in rows),
        access_version,
        session_id=sign_in_id,
        session_expires_at=expires_at,
        session_left=expires_at - read_at,
        session_lasts=lasts,
        use_is_due=expires_at - read_at < lasts - USE_NOTED_AFTER,
        must_change_password=must_change_password,
    )


def last_sign_in(principal: str) -> datetime | None:
    """When a person signed in before the present time, or for the only time; None: never, or no person. One statement.

    Whose session was lost signs in to tell what is waiting: that is no time at which it could have been told before.
    """
    rows = SignIn.objects.filter(person__in=_ids([principal], "person:")).order_by("-began_at")
    latest = list(rows.values_list("began_at", flat=True)[:2])
    return latest[-1] if latest else None


def device_of(device_id: UUID, secret: str) -> DeviceActor | None:
    """The actor of an approved screen that shows its secret; None otherwise. One statement."""
    row = (
        Device.objects.select_related("centre")
        .filter(pk=device_id, secret_hash=digest(secret), revoked_at=None)
        .first()
    )
    if row is None or row.centre is None or row.approved_at is None:
        return None
    return DeviceActor(row.pk, row.centre.pk, row.centre.code, row.access_version)


def was_revoked(device_id: UUID, secret: str) -> bool:
    """Whether this is a screen, by its secret, whose access was taken. One statement."""
    return Device.objects.filter(pk=device_id, secret_hash=digest(secret), revoked_at__isnull=False).exists()


def api_client_of(key: str) -> ApiActor | None:
    """The actor of another system that shows its key; None otherwise. One statement."""
    row = ApiClient.objects.filter(key_hash=digest(key), revoked_at=None).first()
    return ApiActor(row.pk, row.centre_id, frozenset(row.channels)) if row else None


def person_view(person_id: UUID) -> PersonView:
    """Who is signed in, with the posts held now. Raises Person.DoesNotExist. Two statements."""
    person = Person.objects.select_related("centre").get(pk=person_id)
    held = Post.objects.filter(held_now(), person_id=person_id).select_related("unit", "cell").defer("cell__polygon")
    posts = held.order_by("active_from", "pk")
    return PersonView(
        person.pk,
        person.username,
        person.name,
        person.centre_id,
        person.centre.name,
        person.centre.code,
        tuple(PostView(post.pk, post.role, post.unit_id, post.unit.name, _cell_of(post)) for post in posts),
    )


def _cell_of(post: Post) -> PostCell | None:
    return PostCell(post.cell.code, post.cell.name, post.cell.path, post.cell.tier) if post.cell else None


def devices(centre_id: UUID) -> list[DeviceView]:
    """The approved screens of a centre, the revoked ones too, the newest first. One statement."""
    rows = Device.objects.filter(centre_id=centre_id, approved_at__isnull=False).order_by("-approved_at", "pk")
    return [DeviceView(row.pk, row.name, row.approved_at, row.revoked_at) for row in rows if row.approved_at]


def pairing(device_id: UUID, secret: str) -> PairingView | None:
    """How far this screen is paired; None for a wrong secret or a screen that waited too long. One statement."""
    row = Device.objects.select_related("centre").filter(pk=device_id, secret_hash=digest(secret)).first()
    if row is None:
        return None
    state = "revoked" if row.revoked_at else "approved" if row.approved_at else "waiting"
    centre = row.centre
    return PairingView(
        row.pk,
        state,
        row.code,
        row.name,
        centre.pk if centre else None,
        centre.name if centre else None,
        centre.code if centre else None,
    )


def units_with_liaison(centre_id: UUID) -> frozenset[UUID]:
    """The units that somebody answers for now: an order can be sent to these only. One statement."""
    posts = held_posts().filter(unit__centre_id=centre_id, role__in=LIAISONS)
    return frozenset(posts.values_list("unit_id", flat=True))


def posts_of_cells(cell_ids: Collection[UUID]) -> Mapping[str, int]:
    """How many posts held now are responsible for these very cells, by their units' short names. One statement."""
    rows = Post.objects.filter(held_now(), cell__in=cell_ids).values_list("unit__short").order_by("unit__short")
    return dict(rows.annotate(posts=Count("pk")))


def has_liaison(unit_id: UUID) -> bool:
    """Whether somebody active can take an order on for this unit. One statement."""
    return held_posts().filter(unit_id=unit_id, role__in=LIAISONS).exists()


def done_by(principals: Iterable[str], centre_id: UUID) -> Mapping[str, DoneBy]:
    """Names for the principals of facts, unknown ones left out. The unit is that of the person's first post.

    Two statements.
    """
    people, clients = _ids(principals, "person:"), _ids(principals, "api:")
    found: dict[str, DoneBy] = {}
    rows = Person.objects.filter(pk__in=people, centre_id=centre_id).order_by("pk", "-posts__active_from", "posts__pk")
    for key, name, unit in rows.values_list("pk", "name", "posts__unit__short"):
        found[f"person:{key}"] = DoneBy(name, unit or "")
    for client, name in ApiClient.objects.filter(pk__in=clients, centre_id=centre_id).values_list("pk", "name"):
        found[f"api:{client}"] = DoneBy(name, "")
    return found


def username_digest(username: str) -> bytes:
    """What a refused attempt keeps of the name that was typed."""
    return hashlib.sha256(username.casefold().encode()).digest()


PLACE_ROLES = (Role.TOWNSHIP_DESK.value, Role.GRID_MEMBER.value)
LIAISONS = (Role.LIAISON.value, Role.TOWNSHIP_DESK.value)


def _ids(principals: Iterable[str], kind: str) -> list[UUID]:
    return [UUID(principal.removeprefix(kind)) for principal in principals if principal.startswith(kind)]


def tenures(unit_ids: Collection[UUID], role: Role) -> list[Tenure]:
    """Who holds this role in these units, or did. One statement; none without a unit."""
    rows = Post.objects.filter(unit_id__in=unit_ids, role=role).values_list("person_id", "active_from", "active_until")
    return [Tenure(f"person:{person}", since, until) for person, since, until in rows]


def places_served(principal: str, at: datetime) -> list[UUID]:
    """The units in which somebody held a place's post at a time: a township's desk or a grid's. One statement."""
    rows = Post.objects.filter(person__in=_ids([principal], "person:"), role__in=PLACE_ROLES, active_from__lte=at)
    rows = rows.filter(Q(active_until=None) | Q(active_until__gt=at))
    return list(rows.order_by("unit_id").values_list("unit_id", flat=True).distinct())


def _posts(rows: Iterable[Sequence[Any]]) -> tuple[HeldPost, ...]:
    """Posts of rows of `_POSTS`; a person without one has a row of nulls."""
    return tuple(
        HeldPost(post, Role(role), unit, cell_path, deputises, looks_over)
        for post, role, unit, cell_path, deputises, looks_over in rows
        if post is not None
    )
