"""The only writers of Issue. Each: key, lock, authorise, fire what is past due, step, version, save, record."""

from collections.abc import Callable, Sequence
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from dispatch.clocks import actions as clocks
from dispatch.clocks.cards import wire_or_none
from dispatch.facts import Shown
from dispatch.intake.facts import ReportFact, ReportRelayedUp, ReportSettled, ReportShared
from dispatch.intake.models import Report
from dispatch.issues import outcomes
from dispatch.issues.addressees import check_addressees
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.audiences import of_desk, unit_token
from dispatch.issues.facts import (
    IssueAccepted,
    IssueClosed,
    IssueDeclined,
    IssueDispatched,
    IssueFiled,
    IssueReworked,
    IssueVerified,
    RevealMade,
)
from dispatch.issues.locks import lock_issue, order_not_found
from dispatch.issues.models import Note, NoteKind, number_text
from dispatch.issues.notes import checked, sealed_note
from dispatch.issues.outcomes import Closing, Ground
from dispatch.issues.refusals import RULE_ISSUE, RULE_ORDER, must_match, step_issue, step_order
from dispatch.issues.states import State, Verb
from dispatch.issues.timeline import handlers_of
from dispatch.orders import states as order_states
from dispatch.orders.facts import OrderCompleted, OrderReworked, OrderSent
from dispatch.orders.models import Order
from dispatch.orders.states import Role
from dispatch.relays import actions as relays
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Change, Command
from realtime.feed.errors import Conflict, Forbidden, Invalid


@transaction.atomic(durable=True)
def accept(issue_id: UUID, *, cmd: Command) -> Answer:
    """Takes a reported issue in: the relay up of its reports ends here. Needs no version.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (says who was first).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    cmd.actor.must("issues.accept")
    clocks.fire_past_due(aggregate)
    before, after = _step(aggregate, Verb.ACCEPT, cmd)
    aggregate.issue.accepted_at = aggregate.at
    waiting = _relayed_up(aggregate)
    _follow(aggregate, Verb.ACCEPT, cmd)
    _tell_reports(aggregate, waiting, lambda shown: ReportRelayedUp(shown, cmd.actor.principal))
    answer = aggregate.tell(aggregate.issue, lambda shown: IssueAccepted(shown, cmd.actor.principal, before, after))
    return _save_and_record(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def decline(issue_id: UUID, ground: Ground, text: str, *, expected: int | None, cmd: Command) -> Answer:
    """Refuses an issue on a listed ground, with words to the reporter. An urgent one: the duty lead.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (text).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    cmd.actor.must("issues.decline_urgent" if aggregate.issue.urgent else "issues.decline")
    clocks.fire_past_due(aggregate)
    before, after = _step(aggregate, Verb.DECLINE, cmd)
    must_match(expected, aggregate.versions[issue_id])
    note = _note(aggregate, NoteKind.DECLINE_TEXT, text, "text", cmd)
    aggregate.issue.ground = ground
    _follow(aggregate, Verb.DECLINE, cmd)
    _tell_reports(aggregate, aggregate.reports, lambda shown: ReportSettled(shown, cmd.actor.principal))
    answer = aggregate.tell(
        aggregate.issue, lambda shown: IssueDeclined(shown, cmd.actor.principal, before, after, ground, note.pk)
    )
    return _save_and_record(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def file(issue_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Files an accepted issue with its category and level: it waits for dispatch.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired.
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    cmd.actor.must("issues.file")
    clocks.fire_past_due(aggregate)
    before, after = _step(aggregate, Verb.FILE, cmd)
    must_match(expected, aggregate.versions[issue_id])
    aggregate.issue.filed_at = aggregate.at
    _follow(aggregate, Verb.FILE, cmd)
    answer = aggregate.tell(aggregate.issue, lambda shown: IssueFiled(shown, cmd.actor.principal, before, after))
    return _save_and_record(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def dispatch(
    issue_id: UUID, unit_id: UUID, assists: Sequence[UUID] = (), *, expected: int | None, cmd: Command
) -> Answer:
    """Sends the lead order to `unit_id` and assist orders to others: both relays down start, the unit is responsible.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (a unit that is
    unknown, named twice, or has no active liaison).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    cmd.actor.must("issues.dispatch")
    clocks.fire_past_due(aggregate)
    before, after = _step(aggregate, Verb.DISPATCH, cmd)
    must_match(expected, aggregate.versions[issue_id])
    check_addressees(unit_id, assists, centre_id=cmd.actor.centre_id)
    issue, by = aggregate.issue, cmd.actor.principal
    issue.sent_at, issue.responsible_id = aggregate.at, unit_id
    orders = [_new_order(aggregate, unit_id, Role.LEAD, by)]
    orders += [_new_order(aggregate, assist, Role.ASSIST, by) for assist in assists]
    _follow(aggregate, Verb.DISPATCH, cmd)
    answer = aggregate.tell(
        issue, lambda shown: IssueDispatched(shown, by, before, after, tuple(order.pk for order in orders))
    )
    for order in orders:
        aggregate.tell(
            order, lambda shown: OrderSent(shown, by, None, order_states.FIRST), addressed_to=unit_token(order)
        )
    Order.objects.bulk_create(orders)
    _tell_reports(aggregate, aggregate.reports, lambda shown: ReportShared(shown, by))
    return _save_and_record(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def verify(issue_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Confirms the result: completes every order that was fed back. Refused to who handled it, and while one is open.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired.
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    cmd.actor.must("issues.verify")
    if cmd.actor.principal in handlers_of(aggregate.issue.centre_id, aggregate.orders):
        raise Forbidden(
            "issue.handled_by_you",
            "您处置过该事项的派遣单，不能自己核查。",
            rule=RULE_ISSUE,
            remedy="请由其他值班员核查。",
        )
    clocks.fire_past_due(aggregate)
    before, after = _step(aggregate, Verb.VERIFY, cmd)
    _refuse_open_orders(aggregate)
    must_match(expected, aggregate.versions[issue_id])
    answered = [order for order in aggregate.orders if order.state == order_states.State.FED_BACK]
    for order in answered:
        _move_order(order, order_states.Verb.COMPLETE, cmd)
        order.completed_at = aggregate.at
    _follow(aggregate, Verb.VERIFY, cmd)
    for order in answered:
        aggregate.tell(
            order,
            lambda shown: OrderCompleted(
                shown, cmd.actor.principal, order_states.State.FED_BACK, order_states.State.COMPLETED
            ),
        )
        order.save()
    answer = aggregate.tell(aggregate.issue, lambda shown: IssueVerified(shown, cmd.actor.principal, before, after))
    return _save_and_record(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def rework(issue_id: UUID, order_ids: Sequence[UUID], reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Sends the named orders back to their units, for a reason; the lead is always among them. A round of its own.

    Raises Replayed, KeyReused, NotFound (also an order of another issue), Forbidden, Conflict, StaleVersion,
    VersionRequired, Invalid (no lead named, no reason).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    named = _named_orders(aggregate, order_ids)  # what is foreign does not exist, before anything else is said
    cmd.actor.must("issues.rework")
    clocks.fire_past_due(aggregate)
    before, after = _step(aggregate, Verb.REWORK, cmd)
    steps = [(order, *_move_order(order, order_states.Verb.REWORK, cmd)) for order in named]
    must_match(expected, aggregate.versions[issue_id])
    lead = aggregate.lead()
    if lead is None or lead not in named:
        raise Invalid(
            "issue.rework_without_lead",
            "返工须包括主办单位的派遣单。",
            field="orders",
            rule=RULE_ISSUE,
            remedy="请选中主办单。",
        )
    issue, by = aggregate.issue, cmd.actor.principal
    note = _note(aggregate, NoteKind.REWORK_REASON, reason, "reason", cmd)
    issue.round += 1
    issue.responsible_id = lead.unit_id
    for order in named:
        order.round += 1
        order.rework_count += 1
        order.completed_at = None
    _follow(aggregate, Verb.REWORK, cmd)
    for order, was, becomes in steps:
        aggregate.tell(
            order,
            lambda shown, was=was, becomes=becomes: OrderReworked(shown, by, was, becomes, note.pk),  # type: ignore[misc]
            addressed_to=unit_token(order),
        )
        order.save()
    answer = aggregate.tell(
        issue, lambda shown: IssueReworked(shown, by, before, after, tuple(order.pk for order in named), note.pk)
    )
    return _save_and_record(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def close(issue_id: UUID, closing: Closing, *, expected: int | None, cmd: Command) -> Answer:
    """Ends a verified issue with an outcome; its reports leave the boards.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (what the outcome
    requires and lacks).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    cmd.actor.must("issues.close")
    clocks.fire_past_due(aggregate)
    before, after = _step(aggregate, Verb.CLOSE, cmd)
    _refuse_open_orders(aggregate)
    must_match(expected, aggregate.versions[issue_id])
    issue, at = aggregate.issue, aggregate.at
    outcomes.check(closing, at=at, today=at.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    note = _note(aggregate, NoteKind.CLOSE_REASON, closing.reason, "reason", cmd) if closing.reason else None
    waived = closing.waive_reason if not closing.followed_up else None
    waive_note = _note(aggregate, NoteKind.WAIVE_REASON, waived, "waive_reason", cmd) if waived else None
    issue.closed_at, issue.outcome = at, closing.outcome
    issue.told_at, issue.next_on = closing.told_at, closing.next_on
    _follow(aggregate, Verb.CLOSE, cmd)
    _tell_reports(aggregate, aggregate.reports, lambda shown: ReportSettled(shown, cmd.actor.principal))
    answer = aggregate.tell(
        issue,
        lambda shown: IssueClosed(
            shown,
            cmd.actor.principal,
            before,
            after,
            closing.outcome,
            closing.followed_up,
            wire_or_none(closing.told_at),
            closing.next_on.isoformat() if closing.next_on else None,
            note.pk if note else None,
            waive_note.pk if waive_note else None,
        ),
    )
    return _save_and_record(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def reveal(issue_id: UUID, reason: str, *, cmd: Command) -> Answer:
    """Records that the actor reads the issue's personal data in clear, and why. The data itself is a query's.

    Raises Replayed, KeyReused, NotFound, Forbidden, Invalid (no reason), Conflict (erased).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    cmd.actor.must("issues.reveal")
    clocks.fire_past_due(aggregate)
    note = _note(aggregate, NoteKind.REVEAL_REASON, reason, "reason", cmd)
    shown = Shown(note.pk, 1, {"issue": str(issue_id), "number": number_text(aggregate.issue.number), "open": False})
    root = aggregate.issue.place.split("/", 1)[0]
    change = Change(RevealMade(shown, cmd.actor.principal), None, of_desk(aggregate.issue, root))
    aggregate.changes.append(change)
    return _save_and_record(aggregate, cmd, len(aggregate.changes) - 1)


def _step(aggregate: Aggregate, verb: Verb, cmd: Command) -> tuple[State, State]:
    """Moves the issue by the state table; who moved it is kept for rivals. The states before and after."""
    issue = aggregate.issue
    before, after = State(issue.state), step_issue(aggregate, verb, cmd.actor)
    issue.state, issue.last_by = after, cmd.actor.principal
    return before, after


def _move_order(order: Order, verb: order_states.Verb, cmd: Command) -> tuple[order_states.State, order_states.State]:
    before, after = order_states.State(order.state), step_order(order, verb, cmd.actor)
    order.state, order.last_by = after, cmd.actor.principal
    return before, after


def _follow(aggregate: Aggregate, verb: Verb, cmd: Command) -> None:
    """Clocks and custody as the rows say, after the last change to them and before the first fact is told."""
    clocks.follow(aggregate)
    relays.follow(aggregate, how=verb, by=cmd.actor.principal)


def _relayed_up(aggregate: Aggregate) -> list[Report]:
    """The reports whose relay up runs: it ends here, and that is told."""
    return [report for report in aggregate.reports if aggregate.clock_of(report).stopped_at is None]


def _tell_reports(aggregate: Aggregate, reports: Sequence[Report], make: Callable[[Shown], ReportFact]) -> None:
    for report in reports:
        aggregate.tell(report, make)
        report.save()


def _new_order(aggregate: Aggregate, unit_id: UUID, role: Role, by: str) -> Order:
    """An order of the aggregate, not yet saved: its card needs its clocks first."""
    order = Order(
        id=uuid4(),
        issue=aggregate.issue,
        unit_id=unit_id,
        role=role,
        state=order_states.FIRST,
        sent_at=aggregate.at,
        last_by=by,
    )
    aggregate.orders.append(order)
    return order


def _named_orders(aggregate: Aggregate, order_ids: Sequence[UUID]) -> list[Order]:
    known = {order.pk: order for order in aggregate.orders}
    if any(order_id not in known for order_id in order_ids):
        raise order_not_found()
    return [known[order_id] for order_id in dict.fromkeys(order_ids)]


def _refuse_open_orders(aggregate: Aggregate) -> None:
    still_open = [str(order.pk) for order in aggregate.orders if order.state in order_states.OPEN]
    if still_open:
        raise Conflict(
            "issue.order_open",
            f"还有 {len(still_open)} 张派遣单未反馈。",
            rule=RULE_ORDER,
            remedy="等各单位反馈后再核查。",
            extra={"state": str(aggregate.issue.state), "orders": still_open},
        )


def _note(aggregate: Aggregate, kind: NoteKind, text: str, field: str, cmd: Command) -> Note:
    note = sealed_note(aggregate, kind, checked(text, field), by=cmd.actor.principal)
    note.save(force_insert=True)
    return note


def _save_and_record(aggregate: Aggregate, cmd: Command, answer: int) -> Answer:
    aggregate.issue.last_at = aggregate.at
    aggregate.issue.save()
    clocks.save(aggregate)
    relays.save(aggregate)
    return record(cmd, *aggregate.changes, at=aggregate.at, answer=answer)
