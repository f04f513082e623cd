"""Makes the demonstration centre with its accounts and issues; again: changes nothing. Never for a real centre."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from command.organisations.models import Centre
from server.seed.centre import ACCOUNTS, PASSWORD
from server.seed.demo import DEMONSTRATIONS, NotBelieved, seed, told_states


class Command(BaseCommand):
    """Run with the simulator's database URL: the stories happened before now."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large a demonstration."""
        parser.add_argument("--plan", choices=sorted(DEMONSTRATIONS), default="county")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seeds, and says what was made."""
        if settings.ENV.mode == "real":
            raise CommandError("this installation is a real centre: it is never seeded (RELAY_MODE=real)")
        real = Centre.objects.filter(is_demonstration=False).only("name", "code").first()
        if real is not None:
            raise CommandError(f"{real.name} ({real.code}) is a real centre: nothing is seeded beside it")
        try:
            done = seed(options["plan"])
        except NotBelieved as error:
            raise CommandError(str(error.__doc__)) from error
        plan = DEMONSTRATIONS[options["plan"]].plan
        word = "founded" if done.founded else "there already"
        self.stdout.write(f"{plan.name} ({plan.code}) {word}; {done.made} steps made, {done.kept} kept")
        self.stdout.write(f"issues: {told_states(done.centre_id)}")
        names = ", ".join(account.username for account in ACCOUNTS)
        self.stdout.write(f"accounts (password {PASSWORD}): {names}")
