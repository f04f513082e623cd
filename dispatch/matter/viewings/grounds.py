"""Which post may look at what an issue keeps in pictures and papers, and on what ground. Reads only.

Those who handle it: the centre's duty desk, the units that have an order of it that was not taken back, the place that
holds it or settled it on the spot, the member who reported it. Source: docs/rules.md, "Sensitive".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from command.access import HeldPost, PersonActor, Role
from command.organisations.queries import centres_over
from command.people.queries import places_served
from dispatch.matter.audiences import of_handlers, of_messages
from dispatch.matter.issues.models import Issue, Note, NoteKind
from dispatch.matter.messages.models import Message
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import GONE
from dispatch.matter.reports.models import Report
from dispatch.matter.viewings.models import Reason
from realtime.feed.contract import Audience

_DESK = frozenset({Role.DUTY_OFFICER, Role.DUTY_LEAD})


@dataclass(frozen=True, slots=True)
class Ground:
    """The post by which an actor may look, and why it may."""

    post: HeldPost
    reason: Reason


@dataclass(frozen=True, slots=True)
class Handlers:
    """Who handles an issue, read once for all that is looked at in it."""

    issue: Issue
    orders: Sequence[Order]
    settlers: tuple[str, ...]  # tokens of the place that settled it on the spot
    _centres: list[UUID] = field(default_factory=list)  # of the places that it lies in, once they were asked for

    def of_report(self, report: Report) -> Audience:
        """Whose the photos and the slip of a report are."""
        return of_handlers(self.issue, self.orders, [report], self.settlers)

    def of_order(self, order: Order) -> Audience:
        """Whose the photos and documents of an answer are: the desk's, and of those who have that order."""
        return of_handlers(self.issue, [order], [], (), holder=False)

    def of_message(self, message: Message) -> Audience:
        """Whose the photos and documents of a message are: of all who read it. Two statements, once."""
        if not self._centres:
            self._centres.extend(centres_over(self.issue.centre_id, self.issue.place))
        order = next((one for one in self.orders if one.pk == message.order_id), None)
        reports = list(Report.objects.filter(issue=self.issue).defer("sealed")) if order is None else []
        return of_messages(self.issue, self.orders, reports, self._centres, order)


def handlers_of(issue: Issue, orders: Sequence[Order]) -> Handlers:
    """Who handles an issue. Two statements for one that was settled on the spot, none for another."""
    settlers: tuple[str, ...] = ()
    if issue.settled and not issue.sensitive:  # what was found to be sensitive later is the desk's
        by = Note.objects.filter(issue=issue, kind=NoteKind.SETTLEMENT).order_by("-at").values_list("by", "at").first()
        settlers = tuple(f"unit:{unit}" for unit in places_served(*by)) if by else ()
    return Handlers(issue, orders, settlers)


def ground(handlers: Handlers, actor: PersonActor, whose: Audience) -> Ground | None:
    """On what ground the actor may look at what is that audience's; None: on none."""
    post = actor.post_seeing(whose)
    if post is None:
        return None
    if post.role in _DESK:
        return Ground(post, Reason.DESK)
    if f"post:{post.id}" in whose.tokens:
        return Ground(post, Reason.REPORTED)
    hands = {unit for order in handlers.orders if order.state not in GONE for unit in (order.unit_id, *order.takers)}
    return Ground(post, Reason.ORDER if post.unit_id in hands else Reason.HELD)
