"""The writer of lists: the good rows of a list, in batches of at most 199 people, each batch one action with facts."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from command.kept import PeopleImported, told
from command.organisations.models import Centre
from command.people.access import Right
from command.people.accounts import taken
from command.people.imports.checks import Entry
from command.people.locks import access_changed
from command.people.models import Person, Post
from command.people.passwords import new_first_password
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import MAX_FACTS_PER_TRANSACTION, Answer, Command
from realtime.feed.errors import Replayed

BATCH: Final = MAX_FACTS_PER_TRANSACTION - 1  # a fact for each, and one for the batch


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody who was taken in. The first password is told once, here; None: taken in by this very command before."""

    row: int
    username: str
    name: str
    first_password: str | None


def take_in(entries: Sequence[Entry], *, cmd: Command) -> list[Enrolled]:
    """Makes the accounts and posts of good rows, batch by batch.

    What was taken in before a failure stays; the same list again names those rows as taken. Raises Forbidden,
    Conflict for a username or number that was given meanwhile.
    """
    cmd.actor.must(Right.ADMIN_PEOPLE)
    enrolled: list[Enrolled] = []
    for number, begin in enumerate(range(0, len(entries), BATCH)):
        batch = entries[begin : begin + BATCH]
        passwords = [new_first_password() for _ in batch]
        hashes = [make_password(password, hasher="first_password") for password in passwords]
        part = Command(cmd.actor, f"{cmd.key}#{number}", hashlib.sha256(cmd.body_hash + bytes([number])).digest())
        shown: Sequence[str | None] = passwords
        try:
            _take_in(batch, hashes, cmd=part)
        except Replayed:
            shown = [None] * len(batch)
        except IntegrityError as error:
            raise taken(error) from error
        enrolled += [
            Enrolled(entry.row, entry.username, entry.name, password)
            for entry, password in zip(batch, shown, strict=True)
        ]
    return enrolled


@transaction.atomic(durable=True)
def _take_in(batch: Sequence[Entry], hashes: Sequence[str], *, cmd: Command) -> Answer:
    once(cmd)
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
    by = cmd.actor.principal
    fact = PeopleImported(object_id=uuid4(), version=1, change="imported", by=by, shown={"people": len(batch)})
    changes = [access_changed(person, centre.code, "enrolled", by=by) for person in people]
    return record(cmd, told(fact, centre.code), *changes, at=at)
