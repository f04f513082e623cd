"""Rows of attempts go when the centre has kept them long enough; the facts stay, and so do the calls."""

from datetime import timedelta

from command.organisations.queries import centres
from command.settings.queries import settings_of
from dispatch.matter.calls.models import Attempt
from dispatch.matter.calls.states import RUNNING
from realtime.feed import clock

MAX_PER_PASS = 10_000


def forget_old_attempts() -> int:
    """Removes attempts of calls that ended longer ago than the centre keeps them, at most 10,000 a centre and pass."""
    forgotten = 0
    for centre in centres():
        before = clock.at(None) - timedelta(days=settings_of(centre.id).call_attempts_kept_days)
        ended = Attempt.objects.filter(call__issue__centre_id=centre.id, call__ended_at__lt=before)
        keys = list(ended.exclude(call__state__in=RUNNING).values_list("pk", flat=True)[:MAX_PER_PASS])
        forgotten += Attempt.objects.filter(pk__in=keys).delete()[0]
    return forgotten
