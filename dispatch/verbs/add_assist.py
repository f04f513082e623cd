"""增派协办: more assist orders go out."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from command.people.access import Right
from dispatch.intake.facts import ReportShared
from dispatch.issues.addressees import MAX_ASSISTS, check_addressees
from dispatch.issues.facts import IssueAssistAdded
from dispatch.issues.models import Issue
from dispatch.issues.states import Verb
from dispatch.orders.states import Role
from dispatch.requests import Body
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.steps import new_order, tell_reports, tell_sent


class AddAssistIn(Body):
    """Which units are to assist."""

    units: Annotated[list[UUID], Field(min_length=1, max_length=MAX_ASSISTS)]


ADD_ASSIST = IssueVerb(verb=Verb.ADD_ASSIST, by=Right.ISSUES_ADD_ASSIST, body=AddAssistIn)


@ADD_ASSIST.does
def add_assist(issue: Issue, act: Act[AddAssistIn]) -> None:
    """Sends assist orders for an issue that is being handled."""
    aggregate, units = act.aggregate, act.asked.units
    check_addressees(aggregate, None, units)
    orders = [new_order(aggregate, unit, Role.ASSIST, act.by) for unit in units]
    act.record(issue, IssueAssistAdded, *act.step, tuple(order.pk for order in orders))
    act.then(lambda: tell_sent(aggregate, orders, act.by))
    act.then(lambda: tell_reports(aggregate, lambda shown: ReportShared(shown, act.by)))
