"""Put the built screens where the gateway serves them from: `python -m django collect_screens`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from server.collecting import built, collect


class Command(BaseCommand):
    """Run once for each release, before its gateways: the former release's files stay for a day."""

    help = "Put this release's screens in place; those of the release before stay for a day."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect, and say how much."""
        files = built()
        collect(files, settings.STATIC_ROOT)
        self.stdout.write(f"{len(files)} files of this release")
