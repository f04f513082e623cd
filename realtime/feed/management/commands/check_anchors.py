"""Whether every head continues its anchor. `./relay up` and `./relay restore` refuse when one does not."""

from typing import Any

from django.core.management.base import BaseCommand

from realtime.feed.anchors import check_anchors


class Command(BaseCommand):
    """Exit 0: all heads continue their anchors. Exit 3: the reasons, one a line."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints each centre that does not fit."""
        reasons = check_anchors()
        for centre_id, reason in reasons.items():
            self.stdout.write(f"centre {centre_id}: {reason}")
        if reasons:
            raise SystemExit(3)
