"""`./relay verify-feed`: proves each centre's chain, or names the rows that were changed, removed or inserted."""

from typing import Any

from django.core.management.base import BaseCommand

from realtime.feed.anchors import misfit
from realtime.feed.models import CentreHead
from realtime.feed.queries import head
from realtime.feed.verification import verify


class Command(BaseCommand):
    """Exit 0: every chain holds. Exit 1: findings, one a line."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Walks every centre's feed and compares its head with its anchor."""
        bad = 0
        for centre_id in CentreHead.objects.order_by("pk").values_list("pk", flat=True):
            end, found = verify(centre_id)
            anchored = misfit(centre_id, head(centre_id))  # anchors were written while the walk ran
            for finding in found:
                self.stdout.write(f"centre {centre_id} seq {finding.seq}: {finding.kind}: {finding.detail}")
            if anchored:
                self.stdout.write(f"centre {centre_id}: anchor: {anchored}")
            bad += len(found) + bool(anchored)
            verdict = "does not hold" if found or anchored else "holds"
            self.stdout.write(f"centre {centre_id}: epoch {end.epoch}, {end.seq} facts: the chain {verdict}")
        if bad:
            raise SystemExit(1)
