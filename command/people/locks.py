"""What every action on a person's access begins and ends with: the person, locked; the fact of what changed."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db.models import Q

from command.access import PersonActor, Role
from command.people.facts import AccessChanged, control
from command.people.models import Person
from command.people.queries import held_posts
from command.units.models import Centre
from command.versions import must_match
from realtime.feed.contract import Change, Command, Json
from realtime.feed.errors import Conflict, Forbidden, NotFound

NOTHING_MORE: Final[Mapping[str, Json]] = {}


def lock_person(person_id: UUID, cmd: Command) -> Person:
    """The person of the actor's centre, locked. Raises NotFound."""
    rows = Person.objects.select_for_update(no_key=True, of=("self",)).select_related("centre")
    person = rows.filter(pk=person_id, centre_id=cmd.actor.centre_id).first()
    if person is None:
        raise NotFound("person.not_found", "没有这个人。")
    return person


def must_be_as_seen(person: Person, expected: int | None) -> None:
    """Returns if the actor saw the locked person's version, or came without one (an operator, a test)."""
    if expected is not None:
        must_match(expected, person.access_version)


def access_changed(
    person: Person, root: str, change: str = "", *, by: str | None = None, of: Mapping[str, Json] = NOTHING_MORE
) -> Change:
    """Steps a locked person's access version, and says so: what changed in one word, by whom, and ids of what."""
    person.access_version += 1
    person.save(update_fields=["access_version"])
    fact = AccessChanged(
        principal=f"person:{person.pk}",
        object_id=person.pk,
        version=person.access_version,
        change=change,
        by=by,
        of=of,
    )
    return control(fact, root)


def must_leave_an_administrator(centre_id: UUID, without: Q) -> None:
    """Returns if somebody can still keep the centre after the posts `without` have gone.

    Locks the centre's row: of two administrators who take each other's posts at once the second is refused.
    """
    Centre.objects.select_for_update(no_key=True).only("id").get(pk=centre_id)
    posts = held_posts().filter(unit__centre_id=centre_id, role=Role.ADMINISTRATOR)
    if posts.filter(without).exists() and not posts.exclude(without).exists():
        raise Conflict(
            "post.last_administrator",
            "这是本中心最后一名管理员，不能撤下。",
            rule="6",
            remedy="请先为另一人任命管理员岗位。",
        )


def person_acting(cmd: Command) -> PersonActor:
    """The person who acts. Raises Forbidden for a system or a device: these things are a person's to do."""
    if not isinstance(cmd.actor, PersonActor):
        raise Forbidden("right.missing", "只有人员账号可以进行这项操作。")
    return cmd.actor
