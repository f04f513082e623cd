"""Tells the demonstration its own address, so that its signs and slips can be printed. Never for a real centre."""

from argparse import ArgumentParser
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError

from command.access import Role
from command.people.models import Post
from command.people.queries import actor_of_person
from command.settings.actions import change
from command.settings.queries import settings_shown
from command.settings.registry import DEMONSTRATION
from command.units.models import Centre
from demo.seed.demo import CODE
from demo.seed.demonstration import RealInstallation, must_be_a_demonstration
from realtime.feed.contract import Command as Act
from realtime.feed.errors import Conflict, Invalid


class Command(BaseCommand):
    """An address that an administrator has set stays; one of this machine follows the port."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The address that is printed to people of this machine."""
        parser.add_argument("url")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sets it, by the demonstration's administrator."""
        try:
            must_be_a_demonstration()
        except RealInstallation as error:
            raise CommandError(str(error)) from error
        centre = Centre.objects.filter(code=CODE).only("id").first()
        held = Post.objects.filter(unit__centre=centre, role=Role.ADMINISTRATOR, active_until=None).first()
        if centre is None or held is None:
            raise CommandError("there is no demonstration centre: ./relay up makes it")
        [now] = [one for one in settings_shown(centre.pk) if one.definition.name == "public_url"]
        if now.value and urlsplit(str(now.value)).hostname != DEMONSTRATION:
            return
        act = Act(actor_of_person(held.person_id), str(uuid4()), b"demo_address")
        try:
            with suppress(Conflict):  # it is that already
                change("public_url", options["url"], expected=now.version, cmd=act)
        except Invalid as error:
            raise CommandError(error.detail) from error
