"""派遣: the first lead order goes out, with its assists."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from command.access import Right
from command.organisations.queries import UnitInfo
from dispatch.matter.aggregate.addressees import MAX_ASSISTS, check_addressees
from dispatch.matter.aggregate.desks import is_lead_department, triage_of
from dispatch.matter.issues.facts import IssueDispatched
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.refusals import RULE_ISSUE
from dispatch.matter.issues.states import Verb
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import Role
from dispatch.matter.reports.facts import ReportShared
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.on_paper import StepIn
from dispatch.verbs.requests import Words
from dispatch.verbs.steps import new_order, record_reports, record_sent
from realtime.feed.errors import Invalid


class DispatchIn(StepIn):
    """Which unit leads, which assist; why, when the lead is not the item's lead department."""

    unit: UUID
    assists: Annotated[list[UUID], Field(max_length=MAX_ASSISTS)] = Field(default_factory=list)
    reason: Words | None = None


DISPATCH = IssueVerb(verb=Verb.DISPATCH, by=Right.ISSUES_DISPATCH, body=DispatchIn)


@DISPATCH.does
def dispatch(issue: Issue, act: Act[DispatchIn]) -> None:
    """Sends the lead order and assist orders: both relays down start, the lead's unit is responsible.

    A reason is needed when the lead is another unit than the catalogue names for the item. Where the units were told on
    paper, their clocks start now all the same.
    """
    aggregate, asked = act.aggregate, act.asked
    known = check_addressees(aggregate, asked.unit, asked.assists)
    lead, why = new_lead(issue, known[asked.unit], asked.reason, NoteKind.DISPATCH_REASON, act)
    issue.sent_at = aggregate.at
    orders = [lead, *(new_order(aggregate, assist, Role.ASSIST, act.by) for assist in asked.assists)]
    keys = tuple(order.pk for order in orders)
    act.record(issue, IssueDispatched, *act.step, keys, lead.off_catalogue, why)
    act.then(lambda: record_sent(aggregate, orders, act.by))
    act.then(lambda: record_reports(aggregate, lambda shown: ReportShared(shown, act.by)))


def new_lead(
    issue: Issue, unit: UnitInfo, reason: str | None, kind: NoteKind, act: Act[Any]
) -> tuple[Order, UUID | None]:
    """The lead order to `unit`, and the note that says why it: the unit is responsible, and triage has ended with it.

    Raises Invalid without a reason for another unit than the catalogue's.
    """
    item = act.aggregate.item
    off_catalogue = item is None or not is_lead_department(unit, item.lead_department)
    if off_catalogue and not reason:
        raise Invalid(
            "order.reason_required",
            "主办单位不是该事项目录中的牵头部门，须写明理由。",
            field="reason",
            rule=RULE_ISSUE,
            remedy="请填写理由，或改派目录中的牵头部门。",
        )
    why = act.note_if(kind, reason, "reason")
    order = new_order(act.aggregate, unit.id, Role.LEAD, act.by)
    order.off_catalogue = off_catalogue
    issue.responsible_id, issue.triage = unit.id, triage_of(unit)
    return order, why
