"""How a verb is declared, and which there are. `running` does it, `offering` says what may be done now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeAlias, TypeVar
from uuid import UUID

from django.db.models import Model

from command.access import Right
from dispatch.matter.aggregate.aggregate import Aggregate, Row
from dispatch.matter.aggregate.notes import note, note_if
from dispatch.matter.facts import ObjectFact, Shown
from dispatch.matter.issues import states as issue_states
from dispatch.matter.issues.models import Issue, Note, NoteKind
from dispatch.matter.issues.rights import Judge, in_its_place
from dispatch.matter.orders import states as order_states
from dispatch.matter.orders.models import Order
from dispatch.matter.returns import states as request_states
from dispatch.matter.returns.models import ReturnRequest
from dispatch.verbs.guards import Guard, RequestGuard, asked_by_another
from dispatch.verbs.issue_guards import IssueGuard
from dispatch.verbs.on_paper import StepIn
from dispatch.verbs.requests import Body
from realtime.feed.contract import Command

B = TypeVar("B", bound=Body)
R = TypeVar("R")
P = ParamSpec("P")


@dataclass(slots=True)
class Act(Generic[B]):
    """One doing of a verb: everything locked and checked. A verb's function changes rows, and says what to record.

    asked    the request's body
    step     the object's states before and after
    units    of an order: those that have it in hand, for which the actor acts
    named    of an issue: the rows that the body names
    answers    whose fact is the command's answer, where it is not the object's own; the verb's function says so
    uncounted   what ran on the issue counts in no figure; the verb's function says so
    """

    aggregate: Aggregate
    cmd: Command
    asked: B
    step: tuple[str, str]
    units: Sequence[UUID] = ()
    named: Sequence[Any] = ()
    answers: Model | None = None
    uncounted: bool = False
    to_record: list[Callable[[], object]] = field(default_factory=list)

    @property
    def by(self) -> str:
        """The principal."""
        return self.cmd.actor.principal

    def note(self, kind: NoteKind, text: str, field: str) -> Note:
        """A sealed note with the words of a field. Raises Invalid (empty, too long), Conflict (erased)."""
        return note(self.aggregate, kind, text, field, self.cmd)

    def note_if(self, kind: NoteKind, text: str | None, field: str) -> UUID | None:
        """The id of such a note; None without words."""
        return note_if(self.aggregate, kind, text, field, self.cmd)

    def record(
        self, row: Row, fact: Callable[Concatenate[Shown, str, P], ObjectFact], *more: P.args, **named: P.kwargs
    ) -> None:
        """A fact of a row, told when clocks and custody stand: cards show both."""
        self.record_for(None, row, fact, *more, **named)

    def record_for(
        self,
        addressee: str | None,
        row: Row,
        fact: Callable[Concatenate[Shown, str, P], ObjectFact],
        *more: P.args,
        **named: P.kwargs,
    ) -> None:
        """The same, with a receipt from an addressee (a token) on its delivery."""
        self.then(
            lambda: self.aggregate.record(
                row, lambda shown: fact(shown, self.by, *more, **named), addressed_to=addressee
            )
        )

    def then(self, tell: Callable[[], object]) -> None:
        """Facts that several verbs tell alike, when clocks and custody stand."""
        self.to_record.append(tell)


@dataclass(slots=True, kw_only=True)
class Declared(Generic[R, B]):
    """What the verbs of all objects declare; `R` is the object's row.

    by          the right
    body        what a request holds; None: nothing
    versioned   it needs the version that the person saw; without, a rival is told who was first
    danger      it takes away what others have in hand, or calls for help: screens mark it
    beside      something is written beside the object, which stays as it is: its version, and who did the last step
    """

    by: Right
    body: type[B] | None
    versioned: bool = True
    danger: bool = False
    beside: bool = False
    function: Callable[[R, Act[B]], None] | None = field(init=False, default=None)

    @property
    def on_paper(self) -> bool:
        """Whether a duty lead may enter it from paper: its body has `backfill` then."""
        return self.body is not None and issubclass(self.body, StepIn)

    def does(self, function: Callable[[R, Act[B]], None]) -> Callable[[R, Act[B]], None]:
        """The verb's one function: changes rows that are locked, and says what to record."""
        self.function = function
        return function


@dataclass(slots=True, kw_only=True)
class OrderVerb(Declared[Order, B]):
    """Something that is done to an order: by its unit, a taker, or the desk.

    by_taker    whom the order was forwarded to may do it too
    stays_when  a state that the verb leaves as it is, where the table has no such step
    """

    verb: order_states.Verb
    guards: Sequence[Guard] = ()
    by_taker: bool = False
    stays_when: Callable[[Order, Sequence[UUID]], bool] = lambda order, units: False

    def __post_init__(self) -> None:
        ORDER_VERBS[self.verb] = self


@dataclass(slots=True, kw_only=True)
class IssueVerb(Declared[Issue, B]):
    """Something that is done to an issue: by a desk, or by a reporter.

    judged      how the right is judged, where the law says more than that it is held where the issue is
    names       the rows that the body names. Raises NotFound for a foreign one, before anything else is said

    Without a function it is only offered so: its own action does it, and says why.
    """

    verb: issue_states.Verb
    judged: Judge = in_its_place
    names: Callable[[Aggregate, B], Sequence[Any]] = lambda aggregate, asked: ()
    guards: Sequence[IssueGuard] = ()

    def __post_init__(self) -> None:
        ISSUE_VERBS[self.verb] = self


@dataclass(slots=True, kw_only=True)
class RequestVerb(Declared[ReturnRequest, B]):
    """How a return request is ruled on: never by who asked, never unseen."""

    verb: request_states.Verb
    guards: Sequence[RequestGuard] = (asked_by_another,)

    def __post_init__(self) -> None:
        REQUEST_VERBS[self.verb] = self


AnyIssueVerb: TypeAlias = IssueVerb[Any]
AnyOrderVerb: TypeAlias = OrderVerb[Any]
AnyRequestVerb: TypeAlias = RequestVerb[Any]
ISSUE_VERBS: Final[dict[issue_states.Verb, AnyIssueVerb]] = {}
ORDER_VERBS: Final[dict[order_states.Verb, AnyOrderVerb]] = {}
REQUEST_VERBS: Final[dict[request_states.Verb, AnyRequestVerb]] = {}
