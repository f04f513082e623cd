"""The worker's duty that calls the desk for answers which waited for their verification overnight.

At the centre's time of day ⚙, once a day for each answer that came in before the day began and still waits. Late or
twice it does no harm: which were called today, the calls themselves say. Source: docs/rules.md, "Calls".
"""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from command.organisations.queries import centres
from command.settings.queries import settings_of
from dispatch.matter.aggregate.locks import lock_free_issues
from dispatch.matter.call_law.causes import DESK, Cause
from dispatch.matter.call_law.opening import Book, make
from dispatch.matter.calls.models import Call
from dispatch.matter.calls.states import RUNNING, Kind
from dispatch.matter.facts import TIMER
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import State
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import Role
from dispatch.matter.orders.states import State as OrderState
from realtime.feed import clock
from realtime.feed.actions import record
from realtime.feed.contract import Change

PER_TRANSACTION: Final = 50  # two facts each at most
MAX_PER_PASS: Final = 500


def call_verifications() -> int:
    """Calls each centre's desk for what waits since before today, once its time has come. How many answers."""
    return sum(_of_centre(centre.id, clock.at(None)) for centre in centres())


def _of_centre(centre_id: UUID, now: datetime) -> int:
    """The same in one centre. Two statements where nothing is due, one before the time of day."""
    wanted = settings_of(centre_id).call_verification_at
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    if not wanted or local.time() < time.fromisoformat(wanted):
        return 0
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    answered = Order.objects.filter(
        issue=OuterRef("pk"), role=Role.LEAD, state=OrderState.FED_BACK, fed_back_at__lt=midnight
    )
    called = Call.objects.filter(issue=OuterRef("pk"), kind=Kind.VERIFICATION, called_at__gte=midnight)
    due = Issue.objects.filter(Exists(answered), ~Exists(called), centre_id=centre_id, state=State.FED_BACK)
    keys = list(due.order_by("number").values_list("pk", flat=True)[:MAX_PER_PASS])
    batches = (keys[start : start + PER_TRANSACTION] for start in range(0, len(keys), PER_TRANSACTION))
    return sum(_call(centre_id, batch, f"{local:%Y-%m-%d}") for batch in batches)


@transaction.atomic(durable=True)
def _call(centre_id: UUID, keys: Sequence[UUID], day: str) -> int:
    """One transaction: what somebody verified or holds meanwhile is left out. The desk's older call goes on in this."""
    issues = [issue for issue in lock_free_issues(keys) if issue.state == State.FED_BACK]
    if not issues:
        return 0
    at = clock.at(max(issue.last_at for issue in issues))
    rows = Call.objects.filter(issue__in=issues, kind=Kind.VERIFICATION, state__in=RUNNING)
    older = {call.issue_id: call for call in rows.select_related("answered_post", "escalation")}
    book, changes = Book(), list[Change]()
    for issue in issues:
        subject = f"verification:{issue.pk}"
        cause = Cause(kind=Kind.VERIFICATION, key=f"{subject}:{day}", subject=subject, unit=DESK)
        changes += make(issue, cause, at, book, older=older.get(issue.pk), by=TIMER)
    book.save()
    Issue.objects.filter(pk__in=[issue.pk for issue in issues]).update(last_at=at)
    record(None, *changes, at=at, centre_id=centre_id)
    return len(issues)
