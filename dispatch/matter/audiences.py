"""Who gets the facts of an issue, its reports and its orders. Source: docs/protocol.md, "Audience".

The issue is public at its place (a grid at the finest) and known to every unit that holds one of its orders: no longer
to one whose order was returned or recalled, which keeps seeing that order alone; and to the member who reported it.
Reports and orders are the desk's and the units'. What is sensitive is seen by the centre's desk, those units and that
member only.
"""

from collections.abc import Iterable
from uuid import UUID

from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import GONE
from dispatch.matter.reports.models import Report
from realtime.feed.contract import Audience, AudienceClass


def of_issue(issue: Issue, orders: Iterable[Order], reports: Iterable[Report]) -> Audience:
    """For the issue's own facts."""
    return Audience.of(
        _tokens(issue, orders, reports), AudienceClass.SENSITIVE if issue.sensitive else AudienceClass.PUBLIC
    )


def of_report(issue: Issue, orders: Iterable[Order], reports: Iterable[Report]) -> Audience:
    """For the facts of its reports; also who may read the issue in detail."""
    return Audience.of(_tokens(issue, orders, reports), _inner(issue))


def of_units(issue: Issue, orders: Iterable[Order]) -> Audience:
    """For the units that handle it: they read also what reports merged into it say, as they read its own."""
    return Audience.of(_units(orders), _inner(issue))


def of_members(issue: Issue, reports: Iterable[Report]) -> Audience:
    """For the members who reported it: of their own reports they may read more than of others'."""
    return Audience.of(_members(reports), _inner(issue))


def of_order(issue: Issue, order: Order) -> Audience:
    """For the facts of one order: the desk, its unit and its takers; of what is sensitive, until it was taken back."""
    if issue.sensitive and order.state in GONE:
        return Audience.of([place_token(issue)], _inner(issue))
    return Audience.of([place_token(issue), *_hands(order)], _inner(issue))


def of_request(issue: Issue, order: Order) -> Audience:
    """For a return request: the desk and the unit that asked, as its order; never who it was forwarded to."""
    if issue.sensitive and order.state in GONE:
        return of_order(issue, order)
    return Audience.of([place_token(issue), unit_token(order)], _inner(issue))


def of_desk(issue: Issue, root: str, *, at_least: AudienceClass = AudienceClass.DESK) -> Audience:
    """For what only the desk's side knows, such as reveals. `root` is the path of the centre's own cell."""
    return Audience.of([f"place:{root}"], max(_inner(issue), at_least))


def of_handlers(
    issue: Issue, orders: Iterable[Order], reports: Iterable[Report], more: Iterable[str] = (), *, holder: bool = True
) -> Audience:
    """For pictures and papers: only those who handle the issue, whatever its item; no leader, no place by its place.

    more    further tokens, as the place's that settled it
    holder  the unit that answers for the issue now is among them
    """
    held = [f"unit:{issue.responsible_id}"] if holder else []
    root = issue.place.split("/", 1)[0]
    tokens = [f"place:{root}", *held, *_units(orders), *_members(reports), *more]
    return Audience.of(tokens, AudienceClass.SENSITIVE)  # of all posts, only the centre's desk reaches that on a place


def of_messages(
    issue: Issue, orders: Iterable[Order], reports: Iterable[Report], centres: Iterable[UUID], order: Order | None
) -> Audience:
    """For what those concerned write to one another: no leader, and no place but by its own centre.

    centres   of the places that the issue lies in; they know of nothing sensitive
    order     in whose thread it is: that unit's and its takers' only; None: in the matter's own, which is for all units
              with an order of it, and for the members who reported it
    """
    root = issue.place.split("/", 1)[0]
    over = [] if issue.sensitive else [f"unit:{centre}" for centre in centres]
    if order is None:
        mine = [*_units(orders), *_members(reports)]
    else:
        mine = [] if issue.sensitive and order.state in GONE else _hands(order)
    return Audience.of([f"place:{root}", *over, *mine], AudienceClass.SENSITIVE)


def place_token(issue: Issue) -> str:
    """The place that the issue's facts are for."""
    return f"place:{issue.place}"


def unit_token(order: Order) -> str:
    """The unit that the order is addressed to: its own devices give receipts."""
    return f"unit:{order.unit_id}"


def _tokens(issue: Issue, orders: Iterable[Order], reports: Iterable[Report]) -> list[str]:
    return [place_token(issue), *_units(orders), *_members(reports)]


def _units(orders: Iterable[Order]) -> list[str]:
    return [token for order in orders if order.state not in GONE for token in _hands(order)]


def _hands(order: Order) -> list[str]:
    """The unit that answers for it, and every place that it was forwarded to."""
    return [unit_token(order), *(f"unit:{taker}" for taker in order.takers)]


def _members(reports: Iterable[Report]) -> list[str]:
    return [f"post:{report.post_id}" for report in reports if report.post_id]


def _inner(issue: Issue) -> AudienceClass:
    return AudienceClass.SENSITIVE if issue.sensitive else AudienceClass.DESK
