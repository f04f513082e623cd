"""An issue with everything that hangs on it, locked, at one instant; and the facts that an action makes of it.

The lock is the aggregate's, versions are the objects'. `record` takes an object's next version and its card at that
moment; the action sends its rows and `changes` with its last statement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, overload
from uuid import UUID

from django.db.models import Model

from command.catalogue.contract import Item
from command.catalogue.queries import item as item_of
from command.settings.queries import settings_of
from command.settings.registry import Settings
from dispatch.matter import audiences
from dispatch.matter.aggregate.rows import as_read, inserted, updated
from dispatch.matter.backfills.models import Backfill
from dispatch.matter.calls.models import Call
from dispatch.matter.cards.issues import IssueCard, issue_card, lead_of
from dispatch.matter.cards.orders import OrderCard, order_card
from dispatch.matter.cards.reports import ReportCard, report_card
from dispatch.matter.cards.returns import ReturnRequestCard, request_card
from dispatch.matter.clocks.allowances import ClockKind, Step
from dispatch.matter.clocks.models import Clock
from dispatch.matter.custody.holders import HandOver
from dispatch.matter.facts import ObjectFact, Shown
from dispatch.matter.issues.models import Issue
from dispatch.matter.messages.models import Message
from dispatch.matter.orders.models import Order
from dispatch.matter.reports.models import Report
from dispatch.matter.returns.models import ReturnRequest
from realtime.feed.contract import Audience, Change
from realtime.feed.statements import Statement, ask

Row = Issue | Order | Report | ReturnRequest
RowCard = IssueCard | OrderCard | ReportCard | ReturnRequestCard
_KINDS: Final[dict[type[Row], str]] = {
    Issue: "issue",
    Order: "order",
    Report: "report",
    ReturnRequest: "return_request",
}
# The facts of what people outside the desk say after the report: only these carry words of danger.
HEARD: Final = frozenset(
    {
        "report.added",
        "report.reconsideration_asked",
        "report.rated",
        "issue.withdrawn",
        "issue.passed_up",
        "order.fed_back",
        "return.requested",
        "message.made",
        "message.progress_noted",
    }
)

NOT_READ: Final = datetime.min.replace(tzinfo=UTC)


def kind_of(row: Row) -> str:
    """The kind of object that a row is in the feed."""
    return _KINDS[type(row)]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a centre has set, as of a lock: its settings, and the catalogue's item of the issue."""

    settings: Settings
    item: Item | None


@dataclass(slots=True)
class Aggregate:
    """Rows under lock. `at` is the action's time: the database's clock read after the lock, never below the last."""

    issue: Issue
    reports: list[Report]
    orders: list[Order]
    clocks: list[Clock]
    at: datetime
    requests: list[ReturnRequest] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    started: list[tuple[Clock, tuple[Step, ...]]] = field(default_factory=list)  # by `clocks.follow`, until `.save`
    stopped: list[Clock] = field(default_factory=list)
    restarted: list[tuple[Clock, datetime]] = field(default_factory=list)  # with the time at which they had stopped
    moved: list[Clock] = field(default_factory=list)  # paused, resumed, or due at another time
    stale: int = 0  # so many of `changes` came before `clocks.follow`: their cards show the clocks as they were
    hops: list[HandOver] = field(default_factory=list)  # by `relays.follow`, written by `relays.save`
    backfill: Backfill | None = None  # of the step that the action takes, if it happened on paper; by `backfills.enter`
    danger: tuple[str, ...] = ()  # numbers to call that the words said in this action sound like
    on_scene: Clock | None = None  # of an urgent issue that is being merged into this one: its minutes run on here
    next_due: datetime | None = NOT_READ  # when something of it fires, as of the lock; None: nothing does
    terms: Terms | None = None  # what the centre has set, where the lock has read it
    calling: list[Call] | None = None  # its calls that run, the first first, with their steps; None: not read
    said: list[Message] = field(default_factory=list)  # messages that the action writes
    settled: list[Message] = field(default_factory=list)  # earlier ones that it answers or strikes
    writes: list[Statement] = field(default_factory=list)  # in their order; sent with the facts, or by `flush`
    versions: dict[UUID, int] = field(default_factory=dict)  # at the lock: what an actor can have seen
    card_ids: int = field(init=False)  # as many as clocks of the issue were ever given
    level: str = field(init=False)  # at the lock: a change of it re-dates clocks
    state: str = field(init=False)
    urgent: bool = field(init=False)
    holder: UUID | None = field(init=False)
    sensitive: bool = field(init=False)
    place: str = field(init=False)
    _audiences: dict[UUID, Audience] = field(default_factory=dict)  # of each object's latest fact
    _read: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)  # each row as it is stored, or will be

    def __post_init__(self) -> None:
        self.level, self.sensitive, self.place = str(self.issue.level), self.issue.sensitive, self.issue.place
        self.state, self.urgent, self.holder = str(self.issue.state), self.issue.urgent, self.issue.holder_id
        self.card_ids = max((clock.card_id for clock in self.clocks), default=0)
        for row in self.rows():
            self.versions[row.pk] = row.version
            self.know(row)
            if row.version:
                self._audiences[row.pk] = self.audience_of(row)

    @property
    def settings(self) -> Settings:
        """The centre's settings. No statement after the lock of one issue, else one."""
        return self.terms.settings if self.terms else settings_of(self.issue.centre_id)

    @property
    def item(self) -> Item | None:
        """The catalogue's item that the issue is about now. No statement after the lock of one issue, else one."""
        if self.terms and self.terms.item and self.terms.item.code == self.issue.item:
            return self.terms.item
        return item_of(self.issue.centre_id, self.issue.item)

    def rows(self) -> list[Row]:
        """Every row that has a card: the issue, its orders, its reports, its requests."""
        return [self.issue, *self.orders, *self.reports, *self.requests]

    def know(self, row: Model) -> None:
        """From now on `put` writes what of a stored row has changed since."""
        self._read[row.pk] = as_read(row)

    def put(self, row: Model) -> None:
        """Has a row written: a new one whole, else what of it has changed. No statement before the facts are sent."""
        before = self._read.get(row.pk)
        statement = inserted(row) if before is None else updated(row, before)
        if statement is not None:
            self.writes.append(statement)
        self.know(row)

    def flush(self) -> None:
        """Sends what is to be written, before something that has to find it. One round trip, none for nothing."""
        if self.writes:
            ask(self.writes)
            self.writes.clear()

    def facts_of_all(self) -> int:
        """How many facts tell all of it: one of each row, breach that may still wait, and call that was read."""
        waits = sum(clock.breached_at is not None and clock.stopped_at is None for clock in self.clocks)
        return len(self.rows()) + waits + len(self.calling or ())

    def order(self, order_id: UUID) -> Order:
        """One of the orders. Raises KeyError for another."""
        return {order.pk: order for order in self.orders}[order_id]

    def request(self, request_id: UUID) -> ReturnRequest:
        """One of the return requests. Raises KeyError for another."""
        return {request.pk: request for request in self.requests}[request_id]

    def lead(self) -> Order | None:
        """The lead order: the one sent last that was not taken from its unit."""
        return lead_of(self.orders)

    def clock_of(self, row: Order | Report) -> Clock:
        """The relay clock of an order or a report, the latest. Raises KeyError for a row of another issue."""
        if isinstance(row, Order):
            downs = (clock for clock in self.clocks if clock.kind == ClockKind.RELAY_DOWN_ORDER)
            return {clock.order_id: clock for clock in downs}[row.pk]
        ups = (clock for clock in self.clocks if clock.kind == ClockKind.RELAY_UP)
        return {clock.report_id: clock for clock in ups}[row.pk]

    def audience_at_load(self, row: Row) -> Audience:
        """Who got the latest fact of one of the rows, when it was loaded."""
        return self._audiences[row.pk]

    def audience_of(self, row: Row) -> Audience:
        """Who gets the facts of one of the rows, as they stand."""
        if isinstance(row, Issue):
            return audiences.of_issue(row, self.orders, self.reports)
        if isinstance(row, Order):
            return audiences.of_order(self.issue, row)
        if isinstance(row, ReturnRequest):
            return audiences.of_request(self.issue, self.order(row.order_id))
        return audiences.of_report(self.issue, self.orders, self.reports)

    @overload
    def card_of(self, row: Issue) -> IssueCard: ...
    @overload
    def card_of(self, row: Order) -> OrderCard: ...
    @overload
    def card_of(self, row: ReturnRequest) -> ReturnRequestCard: ...
    @overload
    def card_of(self, row: Row) -> RowCard: ...
    def card_of(self, row: Row) -> RowCard:
        """The card of one of the rows, as they stand."""
        if isinstance(row, Issue):
            return issue_card(row, self.orders, self.clocks)
        if isinstance(row, Order):
            return order_card(self.issue, row, self.clocks)
        if isinstance(row, ReturnRequest):
            return request_card(self.issue, self.order(row.order_id), row)
        return report_card(self.issue, row, self.clock_of(row))

    def record(self, row: Row, make: Callable[[Shown], ObjectFact], *, addressed_to: str | None = None) -> int:
        """Takes the row's next version and tells what happened to it. The change's place among `changes`."""
        row.version += 1
        after = self.audience_of(row)
        mark = self.backfill.wire() if self.backfill is not None else None
        shown = Shown(row.pk, row.version, self.card_of(row), mark)
        fact = make(shown)
        if self.danger and fact.name in HEARD:
            fact = make(replace(shown, danger=self.danger))
        self.changes.append(Change(fact, self._audiences.get(row.pk), after, addressed_to))
        self._audiences[row.pk] = after
        return len(self.changes) - 1
