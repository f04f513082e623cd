"""Accepts a lost or forked history: opens a new epoch for every centre whose head does not continue its anchor."""

from typing import Any

from django.core.management.base import BaseCommand

from realtime.feed.anchors import check_anchors, open_epoch, set_aside, write_anchors
from realtime.feed.models import CentreHead


class Command(BaseCommand):
    """The first fact of the new epoch says what was lost. Screens start over."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Opens an epoch where needed and writes the new anchors."""
        known = set(CentreHead.objects.values_list("pk", flat=True))
        for centre_id, reason in check_anchors().items():
            if centre_id not in known:
                kept = set_aside(centre_id)
                self.stdout.write(f"centre {centre_id}: {reason}; its anchors are kept as {kept}")
                continue
            epoch = open_epoch(centre_id)
            self.stdout.write(f"centre {centre_id}: epoch {epoch} opened; {reason}")
        write_anchors()
