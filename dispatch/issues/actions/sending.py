"""Orders go out: the first lead with its assists, more assists, and a new lead when the one before was taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from command.catalogue.queries import item as item_of
from command.organisations.queries import UnitInfo
from command.versions import must_match
from dispatch.backfills import actions as backfills
from dispatch.backfills.contract import OnPaper
from dispatch.clocks import actions as clocks
from dispatch.intake.facts import ReportShared
from dispatch.issues import rights
from dispatch.issues.addressees import check_addressees
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.desks import is_lead_department, triage_of
from dispatch.issues.facts import IssueAssistAdded, IssueDispatched, IssueRedispatched
from dispatch.issues.locks import lock_issue
from dispatch.issues.models import NoteKind
from dispatch.issues.notes import note_if
from dispatch.issues.refusals import RULE_ISSUE, RULE_ORDER
from dispatch.issues.states import Verb
from dispatch.orders.models import Order
from dispatch.orders.states import Role
from dispatch.verbs.steps import finish, follow, new_order, step, tell_reports, tell_sent
from realtime.feed.actions import once
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class _Lead:
    """The lead order that was made, and why another unit than the catalogue's has it."""

    order: Order
    note: UUID | None


@transaction.atomic(durable=True)
def dispatch(
    issue_id: UUID,
    unit_id: UUID,
    assists: Sequence[UUID] = (),
    *,
    reason: str | None = None,
    on_paper: OnPaper | None = None,
    expected: int | None,
    cmd: Command,
) -> Answer:
    """Sends the lead order to `unit_id` and assist orders to others: both relays down start, the unit is responsible.

    reason     needed when the lead is another unit than the catalogue names for the item
    on_paper   the units were told on paper, and a duty lead enters it; their clocks start now all the same
    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (a unit that is
    unknown, named twice, or has no active liaison; no reason; when it was on paper).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.DISPATCH, aggregate, on_paper)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.DISPATCH, cmd)
    must_match(expected, aggregate.versions[issue_id])
    backfills.enter(aggregate, issue, Verb.DISPATCH, on_paper, cmd)
    known = check_addressees(aggregate, unit_id, assists)
    lead = _new_lead(aggregate, known[unit_id], reason, NoteKind.DISPATCH_REASON, cmd)
    issue.sent_at = aggregate.at
    orders = [lead.order, *(new_order(aggregate, assist, Role.ASSIST, by) for assist in assists)]
    follow(aggregate, Verb.DISPATCH, cmd)
    keys = tuple(order.pk for order in orders)
    answer = aggregate.tell(
        issue, lambda shown: IssueDispatched(shown, by, before, after, keys, lead.order.off_catalogue, lead.note)
    )
    tell_sent(aggregate, orders, by)
    tell_reports(aggregate, lambda shown: ReportShared(shown, by))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def add_assist(issue_id: UUID, units: Sequence[UUID], *, expected: int | None, cmd: Command) -> Answer:
    """Sends assist orders for an issue that is being handled.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (a unit that is
    unknown, named twice, has an order of this issue, or has no active liaison).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.ADD_ASSIST, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.ADD_ASSIST, cmd)
    must_match(expected, aggregate.versions[issue_id])
    check_addressees(aggregate, None, units)
    orders = [new_order(aggregate, unit, Role.ASSIST, by) for unit in units]
    follow(aggregate, Verb.ADD_ASSIST, cmd)
    keys = tuple(order.pk for order in orders)
    answer = aggregate.tell(issue, lambda shown: IssueAssistAdded(shown, by, before, after, keys))
    tell_sent(aggregate, orders, by)
    tell_reports(aggregate, lambda shown: ReportShared(shown, by))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def redispatch(issue_id: UUID, unit_id: UUID, *, reason: str | None, expected: int | None, cmd: Command) -> Answer:
    """Sends a new lead order after the one before was returned or recalled. The issue's relay down runs on.

    Raises as `dispatch`, and Conflict while a lead is open or fed back.
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.REDISPATCH, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.REDISPATCH, cmd)
    standing = aggregate.lead()
    if standing is not None:
        raise Conflict(
            "issue.lead_open",
            "主办单仍在原单位，不能改派。",
            rule=RULE_ORDER,
            remedy="请先撤回主办单，或裁定退单申请。",
            extra={"state": before, "verb": Verb.REDISPATCH, "order": str(standing.pk)},
        )
    must_match(expected, aggregate.versions[issue_id])
    known = check_addressees(aggregate, unit_id, ())
    lead = _new_lead(aggregate, known[unit_id], reason, NoteKind.REDISPATCH_REASON, cmd)
    follow(aggregate, Verb.REDISPATCH, cmd)
    answer = aggregate.tell(
        issue,
        lambda shown: IssueRedispatched(
            shown, by, before, after, (lead.order.pk,), lead.order.off_catalogue, lead.note
        ),
    )
    tell_sent(aggregate, [lead.order], by)
    tell_reports(aggregate, lambda shown: ReportShared(shown, by))
    return finish(aggregate, cmd, answer)


def _new_lead(aggregate: Aggregate, unit: UnitInfo, reason: str | None, kind: NoteKind, cmd: Command) -> _Lead:
    """The lead order to `unit`: it is responsible, and triage has ended with it. Raises Invalid without a reason for
    another unit than the catalogue's.
    """
    issue = aggregate.issue
    item = item_of(issue.centre_id, issue.item)
    off_catalogue = item is None or not is_lead_department(unit, item.lead_department)
    if off_catalogue and not reason:
        raise Invalid(
            "order.reason_required",
            "主办单位不是该事项目录中的牵头部门，须写明理由。",
            field="reason",
            rule=RULE_ISSUE,
            remedy="请填写理由，或改派目录中的牵头部门。",
        )
    why = note_if(aggregate, kind, reason, "reason", cmd)
    order = new_order(aggregate, unit.id, Role.LEAD, cmd.actor.principal)
    order.off_catalogue = off_catalogue
    issue.responsible_id, issue.triage = unit.id, triage_of(unit)
    return _Lead(order, why)
