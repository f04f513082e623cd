"""Sends invented reports to the running demonstration, so that its screens live. Ctrl-C stops it."""

import random
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.gis.db.models.functions import PointOnSurface
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from command.catalogue.queries import offered
from command.people.actions import make_api_client
from command.people.models import Post
from command.units.models import Centre
from demo.seed.centre import PASSWORD
from demo.seed.demo import CODE
from demo.seed.demonstration import RealInstallation, must_be_a_demonstration
from demo.seed.traffic import CHANNELS, Door, Spot, Traffic
from gis.grid.models import Cell
from gis.grid.tiers import Tier

MEMBER = "grid1"


class Command(BaseCommand):
    """Reports come by an API client, a grid member and the residents' page; nobody accepts them but people."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """[--per-minute N] [--minutes M] [--reports N] [--base-url URL] [--seed N]."""
        parser.add_argument("--per-minute", type=float, default=12.0, help="how many reports a minute (12)")
        parser.add_argument("--minutes", type=float, help="stop after so many; default: until Ctrl-C")
        parser.add_argument("--reports", type=int, help="stop after so many reports")
        parser.add_argument("--base-url", default=f"http://127.0.0.1:{settings.ENV.port}")
        parser.add_argument("--seed", type=int, help="draw the same reports again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sends until told to stop, and prints what became of the reports."""
        try:
            must_be_a_demonstration()
        except RealInstallation as error:
            raise CommandError(str(error)) from error
        if options["per_minute"] <= 0:
            raise CommandError("--per-minute is more than 0")
        centre_id = Centre.objects.filter(code=CODE).values_list("pk", flat=True).first()
        if centre_id is None:
            raise CommandError("there is no demonstration centre: ./relay up makes it")
        traffic = self._traffic(centre_id, options["base_url"], random.Random(options["seed"]))  # noqa: S311
        connection.close()  # from here on everything goes over HTTP
        told = self._run(traffic, 60 / options["per_minute"], options["minutes"], options["reports"])
        self.stdout.write(f"{told.total()} reports sent")
        for (door, said), count in sorted(told.items()):
            self.stdout.write(f"  {door:<12} {said:<28} {count:>6,}")

    def _traffic(self, centre_id: UUID, base_url: str, choose: random.Random) -> Traffic:
        try:
            key = make_api_client(centre_id, "demo-traffic", sorted(CHANNELS))
            system = Door(base_url, {"Authorization": f"Bearer {key}"})
        except ValueError as error:
            raise CommandError(str(error)) from error
        member = Door(base_url, {})
        said = member.sign_in(MEMBER, PASSWORD)
        if not said.startswith("2"):
            raise CommandError(f"{MEMBER} could not sign in at {base_url}: {said}")
        spots = _spots(centre_id)
        own = Post.objects.filter(person__username=MEMBER, active_until=None).values_list("cell__code", flat=True)
        own_spots = [spot for spot in spots if spot.grid in set(own)]
        return Traffic(
            [item for item in offered(centre_id) if not item.sensitive],
            spots,
            own_spots,
            system,
            member,
            Door(base_url, {}),
            choose,
        )

    def _run(
        self, traffic: Traffic, every_s: float, minutes: float | None, reports: int | None
    ) -> Counter[tuple[str, str]]:
        stop = threading.Event()
        before = signal.signal(signal.SIGINT, lambda *_: stop.set())
        told: Counter[tuple[str, str]] = Counter()
        began, due = time.monotonic(), time.monotonic()
        try:
            while not stop.wait(max(0.0, due - time.monotonic())):
                if minutes is not None and time.monotonic() - began >= minutes * 60:
                    break
                sent = traffic.send()
                told[sent.door, sent.said] += 1
                if reports is not None and told.total() >= reports:
                    break
                due += every_s
                if sys.stderr.isatty():
                    sys.stderr.write(f"\r{told.total():,} sent, the last by the {sent.door}: {sent.said}      ")
                    sys.stderr.flush()
        finally:
            signal.signal(signal.SIGINT, before)
        return told


def _spots(centre_id: UUID) -> list[Spot]:
    """A point in every micro-grid, with the code of its grid. One statement."""
    cells = Cell.objects.filter(centre_id=centre_id, tier=Tier.MICRO_GRID, valid_until=None).order_by("path")
    rows = cells.values_list("parent__code", PointOnSurface("polygon"))
    return [Spot(grid, point.x, point.y) for grid, point in rows]
