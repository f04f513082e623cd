"""`./relay reconcile`: recomputes every open object from the feed and compares it with the rows."""

from typing import Any

from django.core.management.base import BaseCommand

from command.units.models import Centre
from server.reconciliation import reconcile
from server.sources import ROW_SOURCES


class Command(BaseCommand):
    """Exit 0: no difference. Exit 1: the differences, one a line."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Compares centre by centre."""
        bad = 0
        for centre in Centre.objects.order_by("code"):
            result = reconcile(centre, ROW_SOURCES)
            for difference in result.differences:
                self.stdout.write(f"centre {centre.code}: {difference}")
            bad += len(result.differences)
            self.stdout.write(
                f"centre {centre.code}: epoch {result.head.epoch}, {result.facts} facts, {result.objects} open objects,"
                f" {len(result.differences)} differences"
            )
        if bad:
            raise SystemExit(1)
