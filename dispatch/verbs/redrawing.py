"""Tells an open object once more where this release makes another card of it than was told (docs/decisions/0025).

Facts are never rewritten, and a snapshot, the feed and `reconcile` all read an object's newest fact: until it is told
again, its card is as the release made it that told it. Nobody asks for this: a worker whose code is other than the one
that looked through the open cards last looks through them, batch by batch, and goes on where it was cut off. What is
the same is not told; what is closed stays as it was told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Final
from uuid import UUID

from django.db import connection, transaction

import command
import dispatch
import gis
import realtime
from dispatch.matter.aggregate.aggregate import Aggregate, kind_of
from dispatch.matter.aggregate.locks import load, read_calls, with_places
from dispatch.matter.call_law.redrawing import redraw_calls
from dispatch.matter.clock_law.escalating import redraw_waiting
from dispatch.matter.facts import UPGRADE, ObjectFact, Shown
from dispatch.matter.issues.models import Issue, Redrawing
from dispatch.matter.issues.states import OPEN
from dispatch.matter.orders.models import Order
from dispatch.matter.reports.models import Report
from dispatch.matter.returns.models import ReturnRequest
from dispatch.verbs.steps import save
from realtime.feed import clock
from realtime.feed.actions import record
from realtime.feed.contract import MAX_FACTS_PER_TRANSACTION
from realtime.feed.objects import ShownObject
from realtime.feed.queries import latest_facts

ISSUES_PER_BATCH: Final = 25
BATCHES_PER_PASS: Final = 20  # some 2,000 facts: the worker has other duties
_FLOORS: Final = (realtime, gis, command, dispatch)  # what a card is made by: this floor and all below
_ASK: Final = """
WITH asked AS (
    INSERT INTO issues_drawn (centre_id, code) SELECT id, %s FROM organisations_centre
    ON CONFLICT (centre_id) DO UPDATE SET code = EXCLUDED.code WHERE issues_drawn.code <> EXCLUDED.code
    RETURNING centre_id
)
INSERT INTO issues_redrawing (centre_id) SELECT centre_id FROM asked
ON CONFLICT (centre_id) DO UPDATE SET after = NULL
"""


@dataclass(frozen=True, slots=True)
class IssueRedrawn(ObjectFact):
    """This release makes another card of an issue. Nothing happened to it: no timeline shows this."""

    name: ClassVar[str] = "issue.redrawn"
    zh: ClassVar[str] = "显示更新"
    object_kind: ClassVar[str] = "issue"


@dataclass(frozen=True, slots=True)
class OrderRedrawn(ObjectFact):
    """The same of an order."""

    name: ClassVar[str] = "order.redrawn"
    zh: ClassVar[str] = "显示更新"
    object_kind: ClassVar[str] = "order"


@dataclass(frozen=True, slots=True)
class ReportRedrawn(ObjectFact):
    """The same of a report."""

    name: ClassVar[str] = "report.redrawn"
    zh: ClassVar[str] = "显示更新"
    object_kind: ClassVar[str] = "report"


@dataclass(frozen=True, slots=True)
class RequestRedrawn(ObjectFact):
    """The same of a return request."""

    name: ClassVar[str] = "return.redrawn"
    zh: ClassVar[str] = "显示更新"
    object_kind: ClassVar[str] = "return_request"


_FACTS: Final[Mapping[str, Callable[[Shown, str], ObjectFact]]] = {
    made.object_kind: made for made in (IssueRedrawn, OrderRedrawn, ReportRedrawn, RequestRedrawn)
}


def redraw() -> int:
    """Looks through the open objects of centres whose cards other code has made, 20 batches a pass. How many issues.

    One statement when that was done. A kill loses one batch at most, which comes at the next pass: how far it came is
    written in the transaction that tells. Twice at once does no harm: a centre is one worker's at a time.
    """
    ask_once()
    done = 0
    for _ in range(BATCHES_PER_PASS):
        seen = [_redraw_next(centre_id) for centre_id in Redrawing.objects.values_list("pk", flat=True)]
        done += sum(seen)
        if not any(seen):
            break
    return done


@cache
def ask_once() -> None:
    """Has the cards of each centre looked through that other code has. One statement in the life of a process.

    Only as a worker begins: two releases side by side would otherwise tell each other's cards again and again.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [code()])


@cache
def code() -> str:
    """SHA-256, in hex, of the code as it was when the process began: every Python file that a card may be made by."""
    digest = sha256()
    for root in (Path(path) for floor in _FLOORS for path in floor.__path__):
        for file in sorted(root.rglob("*.py")):
            digest.update(file.relative_to(root.parent).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


@transaction.atomic(durable=True)
def _redraw_next(centre_id: UUID) -> int:
    """Looks at the next issues of a centre with all that hangs on them; takes the row away at the end. How many."""
    row = Redrawing.objects.select_for_update(skip_locked=True).filter(pk=centre_id).first()
    if row is None:
        return 0
    issues = _next_issues(row)
    if not issues:
        row.delete()
        return 0
    aggregates = load(issues, clock.at(max(issue.last_at for issue in issues)))
    read_calls(aggregates)
    fitting = list(_fitting(aggregates))
    told = _told(centre_id, fitting)
    for aggregate in fitting:
        _record_others(aggregate, told)
    redraw_waiting(fitting)
    redraw_calls(fitting)
    for aggregate in fitting:
        if aggregate.changes:
            save(aggregate)
            aggregate.flush()
    row.after = fitting[-1].issue.pk
    row.save()
    changes = [change for aggregate in fitting for change in aggregate.changes]
    if changes:
        record(None, *changes, at=aggregates[0].at, centre_id=centre_id)
    return len(fitting)


def _next_issues(row: Redrawing) -> list[Issue]:
    """Locked, in ascending order. Who holds one is waited for: what is passed over would never be told."""
    issues = with_places().filter(centre_id=row.pk, state__in=sorted(OPEN)).order_by("pk")
    if row.after is not None:
        issues = issues.filter(pk__gt=row.after)
    return list(issues.select_for_update(no_key=True, of=("self",))[:ISSUES_PER_BATCH])


def _told(centre_id: UUID, aggregates: Sequence[Aggregate]) -> dict[UUID, ShownObject]:
    """What hangs on the issues, as its newest facts show it. One statement."""
    keys = [aggregate.issue.pk for aggregate in aggregates]
    hanging = (Order.objects, Report.objects, ReturnRequest.objects)
    nouns = (Issue.objects.filter(pk__in=keys), *(noun.filter(issue__in=keys) for noun in hanging))
    first, *others = (rows.order_by().values_list("pk", "version") for rows in nouns)
    return {shown.id: shown for shown in latest_facts(centre_id, first.union(*others, all=True))}


def _record_others(aggregate: Aggregate, told: Mapping[UUID, ShownObject]) -> None:
    """Tells the open rows whose card, or who may see it, is another than their newest fact says."""
    for row in aggregate.rows():
        card, audience = aggregate.card_of(row), aggregate.audience_of(row)
        kind, was = kind_of(row), told[row.pk]
        if not card["open"] or was == ShownObject.of_card(kind, row.pk, row.version, card, audience):
            continue
        place = aggregate.record(row, lambda shown, make=_FACTS[kind]: make(shown, UPGRADE))  # type: ignore[misc]
        aggregate.changes[place] = replace(aggregate.changes[place], before=was.audience)


def _fitting(aggregates: Sequence[Aggregate]) -> Iterator[Aggregate]:
    """Those whose facts fit into one transaction; the first always: a lead, twenty assists and their requests do."""
    facts = 0
    for number, aggregate in enumerate(aggregates):
        facts += aggregate.facts_of_all()
        if number and facts > MAX_FACTS_PER_TRANSACTION:
            return
        yield aggregate
