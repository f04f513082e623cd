"""Brings another city's real requests in live, through the API, at the pace at which they once came."""

import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from demo.replay import mapping
from demo.replay.centre import NowhereToBe, accounts_of, centre_for, known_numbers
from demo.replay.mapping import BadMap, Map
from demo.replay.requests import CityRequest, NotThisFile, read
from demo.replay.run import Progress, Target, run
from demo.replay.tally import Fate
from demo.seed.centre import PASSWORD
from demo.seed.demonstration import RealInstallation, must_be_a_demonstration

QUIET_EVERY_S = 10.0  # without a terminal, a line this often


class Command(BaseCommand):
    """Files reports only; nobody accepts them but people. Ctrl-C stops it; run again, it goes on."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE --map NAME --speed N [--limit N] [--base-url URL] [--give-up-after S]."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--map", required=True, help="a file of demo/replay/maps, without .toml")
        parser.add_argument("--speed", type=float, default=7200.0, help="the city's seconds per second (7200)")
        parser.add_argument("--limit", type=int, help="only the first N rows by time")
        parser.add_argument("--give-up-after", type=float, default=60.0, help="seconds a report is asked again (60)")
        parser.add_argument("--base-url", default=f"http://127.0.0.1:{settings.ENV.port}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads, makes the centre if needed, sends, and prints what became of every row."""
        if options["speed"] <= 0:
            raise CommandError("--speed is more than 0")
        try:
            must_be_a_demonstration()
            by = mapping.load(options["map"])
            everything = read(options["file"], by)
            centre = centre_for(by, everything)
        except (RealInstallation, BadMap, NotThisFile, NowhereToBe, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        requests = everything[: options["limit"]]
        known = known_numbers(centre.id)
        connection.close()  # from here on everything goes through the API
        self._say_how_to_open(by, options["base_url"], made=centre.made)

        stop = threading.Event()
        before = signal.signal(signal.SIGINT, lambda *_: self._stop_once(stop, before))
        began = time.monotonic()
        try:
            done = run(
                requests,
                known,
                Target(options["base_url"], centre.key),
                speed=options["speed"],
                stop=stop,
                show=self._progress(len(requests)),
                give_up_after_s=options["give_up_after"],
            )
        finally:
            signal.signal(signal.SIGINT, before)
        self._account(by, requests, done, time.monotonic() - began)
        if not done.tally.adds_up or done.tally.of(Fate.UNANSWERED):
            raise CommandError("not every request was answered; run it again")

    def _stop_once(self, stop: threading.Event, before: Any) -> None:
        signal.signal(signal.SIGINT, before)  # a second Ctrl-C ends it hard
        stop.set()
        self.stderr.write("\nstopping: waiting for what is under way; the same command goes on later")

    def _say_how_to_open(self, by: Map, base_url: str, *, made: bool) -> None:
        names = ", ".join(by.centre.prefix + account.username for account in accounts_of(by))
        self.stdout.write(
            f"{by.centre.name} ({by.centre.code}) {'made' if made else 'is there'}\n"
            f"open {base_url}/ and sign in as {by.centre.prefix}duty1, password {PASSWORD}\n"
            f"accounts: {names}"
        )
        self.stdout.flush()

    def _progress(self, rows: int) -> Any:
        terminal = sys.stderr.isatty()
        shown_at = 0.0

        def show(progress: Progress) -> None:
            nonlocal shown_at
            if not terminal and time.monotonic() - shown_at < QUIET_EVERY_S:
                return
            shown_at = time.monotonic()
            tally = progress.tally
            at = f"{progress.at:%m-%d %H:%M}" if progress.at else "--"
            line = (
                f"{tally.answered:>7,}/{rows:,}  {at}  in {tally.of(Fate.IN):,}"
                f"  refused {tally.of(Fate.REFUSED):,}  behind {progress.behind_s:.1f} s"
            )
            sys.stderr.write(f"\r{line}   " if terminal else line + "\n")
            sys.stderr.flush()

        return show

    def _account(self, by: Map, requests: list[CityRequest], done: Progress, took_s: float) -> None:
        unlisted = Counter(request.kind for request in requests if not request.listed_type)
        kinds = {request.kind for request in requests}
        nowhere = sum(1 for request in requests if not request.fault and request.point is None)
        departments = Counter(request.department for request in requests)
        self.stdout.write(f"\nwhat became of {len(requests):,} requests, in {took_s:.0f} s:")
        for line in done.tally.lines():
            self.stdout.write(line)
        self.stdout.write(f"without a position (none given, or the source's placeholder): {nowhere:,}")
        self.stdout.write(f"types: {len(kinds) - len(unlisted)} mapped by name, {len(unlisted)} by department")
        for kind, number in unlisted.most_common():
            self.stdout.write(f"  by department: {kind} ({number})")
        self.stdout.write("the city's departments and the units that stand for them:")
        for department, number in departments.most_common():
            self.stdout.write(f"  {department:<8} {by.units.get(department, '(none)'):<24} {number:>8,}")
        self.stdout.write(f"sent later than due by {done.worst_behind_s:.1f} s at worst")
