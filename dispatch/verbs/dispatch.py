"""派遣: the first lead order goes out, with its assists."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from command.access import Right
from dispatch.matter.aggregate.addressees import MAX_ASSISTS, Addressees, Receivers, check_addressees
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
    """Which unit leads, which assist, whom to call first; why, when another leads than the item's department."""

    unit: UUID
    assists: Annotated[list[UUID], Field(max_length=MAX_ASSISTS)] = Field(default_factory=list)
    receivers: Receivers = Field(default_factory=list)
    reason: Words | None = None


DISPATCH = IssueVerb(verb=Verb.DISPATCH, by=Right.ISSUES_DISPATCH, body=DispatchIn)


@DISPATCH.does
def dispatch(issue: Issue, act: Act[DispatchIn]) -> None:
    """Sends the lead order and assist orders: both relays down start, the lead's unit is responsible.

    A reason is needed when the lead is another unit than the catalogue names for the item. Where the units were told on
    paper, their clocks start now all the same.
    """
    aggregate, asked = act.aggregate, act.asked
    to = check_addressees(aggregate, asked.unit, asked.assists, receivers=asked.receivers)
    lead, why = new_lead(issue, asked.unit, to, asked.reason, NoteKind.DISPATCH_REASON, act)
    issue.sent_at = aggregate.at
    orders = [lead, *(new_order(aggregate, assist, Role.ASSIST, act.by, to=to) for assist in asked.assists)]
    keys = tuple(order.pk for order in orders)
    act.record(issue, IssueDispatched, *act.step, keys, lead.off_catalogue, why)
    act.then(lambda: record_sent(aggregate, orders, act.by))
    act.then(lambda: record_reports(aggregate, lambda shown: ReportShared(shown, act.by)))


def new_lead(
    issue: Issue, unit_id: UUID, to: Addressees, reason: str | None, kind: NoteKind, act: Act[Any]
) -> tuple[Order, UUID | None]:
    """The lead order to one of the units, and the note that says why it: that unit is responsible, triage has ended.

    Raises Invalid without a reason for another unit than the catalogue's.
    """
    item, unit = act.aggregate.item, to.units[unit_id]
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
    order = new_order(act.aggregate, unit_id, Role.LEAD, act.by, to=to)
    order.off_catalogue = off_catalogue
    issue.responsible_id, issue.triage = unit.id, triage_of(unit)
    return order, why
