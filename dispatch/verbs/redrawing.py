"""Tells each open object once more after a release that gave its card another shape (docs/decisions/0025).

Facts are never rewritten, and a snapshot, the feed and `reconcile` all read an object's newest fact: until it is told
again, its card has the shape of the release that told it. A migration that changes a shape asks for it, for every
centre; the worker does it, batch by batch, and goes on where it was cut off. What is closed stays as it was told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from django.db import transaction

from dispatch.matter.aggregate.aggregate import Aggregate, Row, kind_of
from dispatch.matter.aggregate.locks import load, with_places
from dispatch.matter.facts import UPGRADE, ObjectFact, Shown
from dispatch.matter.issues.models import Issue, Redrawing
from dispatch.matter.issues.states import OPEN
from dispatch.verbs.steps import save
from realtime.feed import clock
from realtime.feed.actions import record
from realtime.feed.contract import MAX_FACTS_PER_TRANSACTION

ISSUES_PER_BATCH: Final = 25
BATCHES_PER_PASS: Final = 20  # some 2,000 facts: the worker has other duties


@dataclass(frozen=True, slots=True)
class IssueRedrawn(ObjectFact):
    """An issue's card has another shape. Nothing happened to it: no timeline shows this."""

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
    """Goes on telling what is open in centres where that was asked for, 20 batches a pass. How many issues.

    One statement when nothing was asked for. A kill loses one batch at most, which is told at the next pass: how far it
    came is written in the transaction that tells. Twice at once does no harm: a centre is one worker's at a time.
    """
    done = 0
    for _ in range(BATCHES_PER_PASS):
        told = [_redraw_next(centre_id) for centre_id in Redrawing.objects.values_list("pk", flat=True)]
        done += sum(told)
        if not any(told):
            break
    return done


@transaction.atomic(durable=True)
def _redraw_next(centre_id: UUID) -> int:
    """Tells the next issues of a centre with all that hangs on them, as many as fit; takes the row away at the end."""
    row = Redrawing.objects.select_for_update(skip_locked=True).filter(pk=centre_id).first()
    if row is None:
        return 0
    issues = _next_issues(row)
    if not issues:
        row.delete()
        return 0
    aggregates = load(issues, clock.at(max(issue.last_at for issue in issues)))
    fitting = list(_fitting(aggregates))
    for aggregate in fitting:
        for told in _open_rows(aggregate):
            _record_fact(aggregate, told)
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


def _open_rows(aggregate: Aggregate) -> list[Row]:
    return [row for row in aggregate.rows() if aggregate.card_of(row)["open"]]


def _record_fact(aggregate: Aggregate, row: Row) -> None:
    make = _FACTS[kind_of(row)]
    aggregate.record(row, lambda shown: make(shown, UPGRADE))


def _fitting(aggregates: Sequence[Aggregate]) -> Iterator[Aggregate]:
    """Those whose facts fit into one transaction; the first always: a lead, twenty assists and their requests do."""
    facts = 0
    for number, aggregate in enumerate(aggregates):
        facts += aggregate.facts_of_all()
        if number and facts > MAX_FACTS_PER_TRANSACTION:
            return
        yield aggregate
