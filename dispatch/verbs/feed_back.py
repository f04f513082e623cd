"""反馈: a unit answers an order."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field

from command.access import Right
from command.organisations.queries import desk_id
from dispatch.matter.aggregate.resuming import forget_suspension
from dispatch.matter.issues.facts import IssueFedBack
from dispatch.matter.issues.forward_facts import IssueTakenBack
from dispatch.matter.issues.keys import seal_of
from dispatch.matter.issues.models import NoteKind
from dispatch.matter.issues.states import Verb as IssueVerb
from dispatch.matter.orders import chains
from dispatch.matter.orders.facts import OrderFedBack
from dispatch.matter.orders.models import Ending, Feedback, Forward, Order, Result
from dispatch.matter.orders.states import Role, Verb
from dispatch.matter.reports.facts import ReportWithheld
from dispatch.verbs import photos
from dispatch.verbs.declared import Act, OrderVerb
from dispatch.verbs.guards import taken_on
from dispatch.verbs.on_paper import StepIn
from dispatch.verbs.requests import Words
from dispatch.verbs.steps import record_reports, record_withdrawn, step, withdraw_requests


class FeedBackIn(StepIn):
    """What came of it, in words, and photos and documents that were uploaded before."""

    result: Result
    text: Words
    photos: Annotated[tuple[UUID, ...], Field(max_length=9)] = ()
    files: Annotated[tuple[UUID, ...], Field(max_length=5)] = ()


FEED_BACK = OrderVerb(
    verb=Verb.FEED_BACK,
    by=Right.ORDERS_FEED_BACK,
    body=FeedBackIn,
    guards=(taken_on,),
    by_taker=True,
)


@FEED_BACK.does
def feed_back(order: Order, act: Act[FeedBackIn]) -> None:
    """Answers it with a result and words.

    The lead's answer puts the issue before the desk, and ends its suspension. A taker's answer is the unit's; who was
    forwarded the order below, and has not taken it on, has it no longer.
    """
    aggregate, asked = act.aggregate, act.asked
    issue, at = aggregate.issue, aggregate.at
    words = act.note(NoteKind.FEEDBACK, asked.text, "text")
    aggregate.put(Feedback(order=order, at=at, by=act.by, result=asked.result, note=words))
    if asked.photos or asked.files:
        seal = seal_of(issue.pk)
        photos.attach(asked.photos, to=order, aggregate=aggregate, seal=seal, by=act.by)
        photos.attach(asked.files, to=order, aggregate=aggregate, seal=seal, by=act.by)
    order.fed_back_at = at
    fallen = withdraw_requests(aggregate, order)
    unanswered = chains.not_taken_on(order)
    chains.end(order, unanswered, Ending.ANSWERED, at=at)
    act.record(order, OrderFedBack, *act.step, str(asked.result), words.pk)
    if order.role == Role.LEAD:
        moved = step(aggregate, IssueVerb.FEED_BACK, act.cmd)
        forget_suspension(issue)
        issue.responsible_id = desk_id(issue.centre_id)
        act.record(issue, IssueFedBack, *moved, order.pk)
    if unanswered:
        _withhold(unanswered, act)
    act.then(lambda: record_withdrawn(aggregate, fallen, act.by))


def _withhold(unanswered: Sequence[Forward], act: Act[FeedBackIn]) -> None:
    """Issue and reports leave the sight of who was forwarded an order that another has answered."""
    first = unanswered[0]
    act.record(act.aggregate.issue, IssueTakenBack, first.order_id, first.giver_id, first.taker_id)
    act.then(lambda: record_reports(act.aggregate, lambda shown: ReportWithheld(shown, act.by)))
