"""One issue with all that an actor may see of it: for the desk, and for units that hold an order of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.locks import issue_not_found, load, with_places
from dispatch.matter.audiences import of_members, of_order, of_report, of_units
from dispatch.matter.cards.clocks import IssueClockCard, clock_card
from dispatch.matter.cards.issues import IssueCard
from dispatch.matter.issues.rights import holds
from dispatch.matter.issues.states import Verb
from dispatch.matter.orders.chains import givers_of
from dispatch.matter.photos.shown import PhotoView, photos_of
from dispatch.matter.reports.models import Report
from dispatch.matter.viewings.grounds import handlers_of
from dispatch.reading.backfills import BackfillView, backfills_of
from dispatch.reading.clocks import EscalationView, escalations_of
from dispatch.reading.custody import HopView, custody_of
from dispatch.reading.messages import MessageView, ThreadView, messages_of
from dispatch.reading.orders import Answered, OrderView, answers_of
from dispatch.reading.replies import Correspondence, correspondence
from dispatch.reading.reports import ReportView, reports_of
from dispatch.reading.returns import RequestView, requests_of
from dispatch.reading.slips import prints_for
from dispatch.reading.timeline import Entry, ReceiptView, history_of
from dispatch.verbs.offering import backfill_verbs, issue_verbs, order_verbs
from realtime.feed.contract import Actor

MAX_MERGED: Final = 50


@dataclass(frozen=True, slots=True)
class MergedView:
    """An issue that was merged into this one, with its reports."""

    id: UUID
    version: int
    card: IssueCard
    reports: Sequence[ReportView]


@dataclass(frozen=True, slots=True)
class IssueDetail:
    """An issue with all that this actor may see of it."""

    id: UUID
    version: int
    card: IssueCard
    reports: Sequence[ReportView]
    orders: Sequence[OrderView]
    receipts: Sequence[ReceiptView]
    timeline: Sequence[Entry]
    open_verbs: tuple[Verb, ...]
    clocks: Sequence[IssueClockCard]  # all that ever ran, the first first
    custody: Sequence[HopView]
    backfills: Sequence[BackfillView]
    escalations: Sequence[EscalationView]
    requests: Sequence[RequestView]
    passed: Correspondence  # with the reporters, numbers in it masked
    photos: Sequence[PhotoView]  # those that this actor may open
    photos_withheld: int  # how many photos and documents there are besides
    merged: Sequence[MergedView]
    reveals: bool  # whether this actor may read its personal data in clear
    answers: bool  # whether this actor may answer its reporters
    messages: Sequence[MessageView]  # as far as this actor may read them
    threads: Sequence[ThreadView]  # in which this actor may write
    message_chars: int  # as long a message may be


def issue_detail(issue_id: UUID, *, actor: Actor) -> IssueDetail:
    """One issue in detail: for the desk, for units that hold an order of it (their own orders), and for its members.

    Units that handle it also read the reports that were merged into it, masked as its own; they are not told when those
    change, for the facts of a merged issue stay its place's.

    Raises NotFound outside the scope, Forbidden. Forty statements at most, and eight for each issue merged in.
    """
    issue = with_places().filter(pk=issue_id, centre_id=actor.centre_id).first()
    if issue is None:
        raise issue_not_found()
    aggregate = load([issue])[0]
    about = of_report(issue, aggregate.orders, aggregate.reports)
    if not actor.scope.sees(about):
        raise issue_not_found()
    if not actor.scope.sees(of_members(issue, aggregate.reports)):
        actor.must("issues.read", about=about)
    said = messages_of(aggregate, actor)
    history = history_of(aggregate, actor, said.ids)
    orders = _orders(aggregate, history.notes, actor)
    prints = prints_for(actor)
    merged = _merged(aggregate, actor, prints) if issue.reports_merged else []
    shown = photos_of(handlers_of(issue, aggregate.orders), actor=actor)
    return IssueDetail(
        issue_id,
        issue.version,
        aggregate.card_of(issue),
        reports_of(issue_id, prints=prints),
        orders,
        history.receipts,
        history.entries,
        issue_verbs(aggregate, actor, history.handlers),
        _clocks(aggregate, {order.id for order in orders}),
        custody_of(issue_id, centre_id=issue.centre_id),
        backfills_of(issue_id, orders=[order.id for order in orders]),
        escalations_of(issue_id, actor.scope),
        requests_of(aggregate, history.notes, actor=actor),
        correspondence(issue_id, *(each.id for each in merged)).masked(),
        shown.photos,
        shown.withheld,
        merged,
        holds(actor, "issues.reveal", about=about),
        holds(actor, "replies.make", about=about),
        said.views(history.notes),
        said.threads,
        aggregate.settings.message_chars,
    )


def _orders(aggregate: Aggregate, notes: Mapping[UUID, str], actor: Actor) -> list[OrderView]:
    answers, givers = answers_of(aggregate.issue.pk, notes), givers_of(actor)
    return [
        OrderView(
            order.pk,
            order.version,
            aggregate.card_of(order),
            order_verbs(order, actor, givers),
            answers.get(order.pk, Answered()),
            backfill_verbs(order, actor),
        )
        for order in aggregate.orders
        if actor.scope.sees(of_order(aggregate.issue, order))
    ]


def _clocks(aggregate: Aggregate, seen: set[UUID]) -> list[IssueClockCard]:
    """Every clock, with what it judges; another unit's order's are that unit's."""
    shown = [clock for clock in aggregate.clocks if clock.order_id is None or clock.order_id in seen]
    return [
        {
            **clock_card(clock),
            "order": str(clock.order_id) if clock.order_id else None,
            "report": str(clock.report_id) if clock.report_id else None,
            "round": clock.round,
        }
        for clock in sorted(shown, key=lambda clock: (clock.started_at, clock.pk))
    ]


def _merged(aggregate: Aggregate, actor: Actor, prints: Callable[[Report], bool]) -> list[MergedView]:
    """For who may read each of them, and for the units that handle this one: they handle what all of them told."""
    rows = list(with_places().filter(merged_into=aggregate.issue).order_by("number")[:MAX_MERGED])
    handles = actor.scope.sees(of_units(aggregate.issue, aggregate.orders))
    return [
        MergedView(
            each.issue.pk, each.issue.version, each.card_of(each.issue), reports_of(each.issue.pk, prints=prints)
        )
        for each in load(rows)
        if handles or actor.scope.sees(of_report(each.issue, each.orders, each.reports))
    ]
