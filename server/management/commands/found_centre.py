"""Founds a real centre with its first administrator: no cells, no people, no issues. Again: changes nothing."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from shapely import MultiPolygon

from command.access import Role
from command.organisations import actions as organisations
from command.organisations import queries as units
from command.organisations.actions import NewUnit
from command.people import actions as people
from command.people.actions import NewPerson, NewPost
from command.people.models import Person
from command.people.passwords import new_first_password
from command.units import departments
from command.units.models import Centre


class Command(BaseCommand):
    """Prints one line of JSON: the name, and the first password (null when the centre was there already)."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who it is."""
        parser.add_argument("--code", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--admin", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Founds it, unless a centre of this code is there. Refuses beside any other centre."""
        known = Centre.objects.only("code", "name", "is_demonstration").first()
        if known is not None:
            if known.code != options["code"] or known.is_demonstration:
                raise CommandError(f"there is a centre already: {known.name} ({known.code})")
            if Person.objects.filter(centre=known).exists():
                self._say(known.name, None)
                return
        first = new_first_password()
        try:
            with transaction.atomic():
                centre_id = known.pk if known else _found(options["code"], options["name"])
            _appoint(centre_id, options["code"], options["admin"], first)
        except IntegrityError as error:
            raise CommandError(str(error)) from error
        self._say(options["name"], first)

    def _say(self, name: str, first_password: str | None) -> None:
        self.stdout.write(json.dumps({"name": name, "first_password": first_password}, ensure_ascii=False))


def _found(code: str, name: str) -> Any:
    """The centre with the listed departments; townships' and communities' centres come when their cells are there."""
    bodies = [
        NewUnit(row.code, row.name, row.short, row.kind, row.stationing)
        for row in departments.load()
        if row.code != departments.TOWNSHIP
    ]
    return organisations.found(code, name, MultiPolygon([]), bodies)


def _appoint(centre_id: Any, code: str, username: str, first_password: str) -> None:
    post = NewPost(units.duty_desk(centre_id).id, Role.ADMINISTRATOR)
    people.enrol(centre_id, code, [NewPerson(username, "管理员", first_password, (post,), must_change_password=True)])
