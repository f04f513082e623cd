"""The writer of lists: the good rows of a list, in batches of at most 199 people, each batch one action with facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from command.access import Right
from command.kept import PeopleImported, change_of
from command.lists import taking
from command.lists.contract import Sheet
from command.lists.models import TakenList
from command.people.accounts import taken
from command.people.imports.checks import Checked, Entry
from command.people.locks import access_changed
from command.people.models import Person, Post
from command.people.passwords import first_password_of
from command.units.models import Centre
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Replayed


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody who was taken in. `first_password`: None after they changed it, or an administrator reset it."""

    row: int
    username: str
    name: str
    first_password: str | None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a list came to. `again`: the command came before, this is what its first answer said."""

    enrolled: list[Enrolled]
    checked: Checked
    again: bool


def take_in(sheet: Sheet, check: Callable[[Sequence[UUID]], Checked], *, cmd: Command) -> TakenIn:
    """Makes the accounts and posts of a list's good rows, batch by batch.

    check   judges the sheet, leaving out of account the people (ids) whom this very list has made
    A repeat of the command gets the same answer, first passwords too as long as they are good: they are derived from
    the key, not kept. It goes on where the first one failed. Raises Forbidden, KeyReused, Conflict for a username or
    number that was given meanwhile.
    """
    cmd.actor.must(Right.ADMIN_PEOPLE)
    begun = taking.begin("people", cmd)
    checked = check(tuple(begun.taken.values()))
    for batch, part in taking.batches(taking.waiting(checked.good, begun), cmd):
        hashes = [make_password(_first_password(entry.username, cmd), hasher="first_password") for entry in batch]
        try:
            _take_in(batch, hashes, begun.id, cmd=part)
        except Replayed:
            continue
        except IntegrityError as error:
            raise taken(error) from error
    taking.finish(begun)
    rows = taking.taken_rows(begun.id)
    enrolled = _enrolled(sheet, rows, cmd)
    if begun.again and any(one.first_password for one in enrolled):
        _record_again(sum(one.first_password is not None for one in enrolled), cmd)
    faults = taking.faults_of_the_rest(checked.faults, [entry.row for entry in checked.good], rows)
    return TakenIn(enrolled, replace(checked, faults=tuple(faults)), begun.again)


def _first_password(username: str, cmd: Command) -> str:
    return first_password_of(cmd.actor.principal, cmd.key, username)


def _enrolled(sheet: Sheet, rows: dict[int, UUID], cmd: Command) -> list[Enrolled]:
    people = Person.objects.in_bulk(rows.values())
    found: list[Enrolled] = []
    for row in sheet.rows:
        person = people.get(rows.get(row.number, UUID(int=0)))
        if person is None:
            continue
        username, name = row.cells["用户名"], row.cells["姓名"]
        first = _first_password(username, cmd)
        is_good = person.must_change_password and check_password(first, person.password)
        found.append(Enrolled(row.number, username, name, first if is_good else None))
    return found


@transaction.atomic(durable=True)
def _take_in(batch: Sequence[Entry], hashes: Sequence[str], list_id: UUID, *, cmd: Command) -> Answer:
    once(cmd)
    TakenList.objects.select_for_update(no_key=True).get(pk=list_id)
    centre = Centre.objects.select_for_update(no_key=True).only("id", "code").get(pk=cmd.actor.centre_id)
    at = clock.at(None)
    people = Person.objects.bulk_create(
        Person(
            id=uuid4(),
            centre=centre,
            username=entry.username,
            name=entry.name,
            phone=entry.phone,
            password=hashed,
            must_change_password=True,
        )
        for entry, hashed in zip(batch, hashes, strict=True)
    )
    Post.objects.bulk_create(
        Post(person=person, unit_id=entry.unit_id, role=entry.role, cell_id=entry.cell_id, active_from=at)
        for person, entry in zip(people, batch, strict=True)
    )
    taking.note(list_id, {entry.row: person.pk for person, entry in zip(people, batch, strict=True)})
    by = cmd.actor.principal
    fact = PeopleImported(
        object_id=uuid4(), version=1, change="imported", by=by, card={"open": False, "people": len(batch)}
    )
    changes = [access_changed(person, centre.code, "enrolled", by=by) for person in people]
    return record(cmd, change_of(fact, centre.code), *changes, at=at)


@transaction.atomic(durable=True)
def _record_again(people: int, cmd: Command) -> None:
    """First passwords are shown once more: that is on record each time."""
    centre = Centre.objects.only("id", "code").get(pk=cmd.actor.centre_id)
    by = cmd.actor.principal
    fact = PeopleImported(
        object_id=uuid4(), version=1, change="told_again", by=by, card={"open": False, "people": people}
    )
    record(None, change_of(fact, centre.code), at=clock.at(None), centre_id=centre.pk)
