"""增派协办: more assist orders go out."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from command.access import Right
from dispatch.matter.aggregate.addressees import MAX_ASSISTS, Receivers, check_addressees
from dispatch.matter.issues.facts import IssueAssistAdded
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import Verb
from dispatch.matter.orders.states import Role
from dispatch.matter.reports.facts import ReportShared
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.requests import Body
from dispatch.verbs.steps import new_order, record_reports, record_sent


class AddAssistIn(Body):
    """Which units are to assist, and whom of them to call first."""

    units: Annotated[list[UUID], Field(min_length=1, max_length=MAX_ASSISTS)]
    receivers: Receivers = Field(default_factory=list)


ADD_ASSIST = IssueVerb(verb=Verb.ADD_ASSIST, by=Right.ISSUES_ADD_ASSIST, body=AddAssistIn)


@ADD_ASSIST.does
def add_assist(issue: Issue, act: Act[AddAssistIn]) -> None:
    """Sends assist orders for an issue that is being handled."""
    aggregate, units = act.aggregate, act.asked.units
    to = check_addressees(aggregate, None, units, receivers=act.asked.receivers)
    orders = [new_order(aggregate, unit, Role.ASSIST, act.by, to=to) for unit in units]
    act.record(issue, IssueAssistAdded, *act.step, tuple(order.pk for order in orders))
    act.then(lambda: record_sent(aggregate, orders, act.by))
    act.then(lambda: record_reports(aggregate, lambda shown: ReportShared(shown, act.by)))
