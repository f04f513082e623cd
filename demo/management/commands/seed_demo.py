"""Makes the demonstration centre with its accounts and issues; again: changes nothing. Never for a real centre."""

import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.seed.centre import ACCOUNTS, PASSWORD
from demo.seed.demo import DEMONSTRATIONS, NotBelieved, seed, told_states
from demo.seed.demonstration import RealInstallation, must_be_a_demonstration


class Command(BaseCommand):
    """Run with the simulator's database URL: the stories happened before now."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large a demonstration, and how much of it."""
        parser.add_argument("--plan", choices=sorted(DEMONSTRATIONS), default="county")
        parser.add_argument("--today", action="store_true", help="leave the past to a later run")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seeds, and says what was made."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # its writers end with it
        try:
            must_be_a_demonstration()
            done = seed(options["plan"], today_only=options["today"])
        except RealInstallation as error:
            raise CommandError(str(error)) from error
        except NotBelieved as error:
            raise CommandError(str(error.__doc__)) from error
        plan = DEMONSTRATIONS[options["plan"]].plan
        word = "founded" if done.founded else "there already"
        self.stdout.write(f"{plan.name} ({plan.code}) {word}; {done.made} steps made, {done.kept} kept")
        self.stdout.write(f"issues: {told_states(done.centre_id)}")
        names = ", ".join(account.username for account in ACCOUNTS)
        self.stdout.write(f"accounts (password {PASSWORD}): {names}")
