"""Makes calls: everybody of the first rung at once; what rang for the same matter goes on in the new one.

Works on rows that the caller has locked, at the caller's time. Calls are kept in a `Book` until `save`, so that many
steps that fall due together cost few statements.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from command.organisations.queries import desk_id
from command.settings.queries import settings_of
from command.settings.registry import Settings
from dispatch.matter.aggregate.rows import as_read, inserted, updated
from dispatch.matter.call_law.causes import Cause
from dispatch.matter.call_law.recording import change_of
from dispatch.matter.call_law.roster import SEQUENCE, Callees, Posts, Roster
from dispatch.matter.calls.facts import CallMade, CallSilenced
from dispatch.matter.calls.models import Attempt, Call
from dispatch.matter.calls.states import FIRST, RUNNING, Kind, Rung, State, Verb, Way, step
from dispatch.matter.cards.calls import audience_of
from dispatch.matter.issues.models import Issue
from realtime.feed.contract import Change
from realtime.feed.statements import Statement, ask

_SWITCH: Final = {
    Kind.NEW_ORDER: "call_new_orders",
    Kind.FORWARDED_ORDER: "call_forwards",
    Kind.URGENT_REPORT: "call_urgent_reports",
    Kind.RETURN_REQUEST: "call_returns",
    Kind.DANGER: "call_dangers",
    Kind.MESSAGE: "call_messages",
}
_MINUTES: Final = {
    Rung.RECEIVER: "call_receiver_wait_min",
    Rung.DUTY_OFFICER: "call_desk_wait_min",
    Rung.LIAISON: "call_liaison_wait_min",
    Rung.DEPUTY: "call_deputy_wait_min",
    Rung.HEAD: "call_head_wait_min",
    Rung.DUTY_LEAD: "call_desk_wait_min",
}


@dataclass(slots=True)
class Book:
    """What is to be written: calls that were made, and those that changed; with what was read to make them."""

    roster: Roster = field(default_factory=Roster)
    made: list[Call] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    _changing: list[tuple[Call, Mapping[str, Any]]] = field(default_factory=list)  # with what is stored
    settings_read: dict[UUID, Settings] = field(default_factory=dict)  # by centre

    def settings(self, centre_id: UUID) -> Settings:
        """The centre's settings. One statement, once, where they were not read before."""
        if centre_id not in self.settings_read:
            self.settings_read[centre_id] = settings_of(centre_id)
        return self.settings_read[centre_id]

    def change(self, call: Call) -> None:
        """Has a call written that is about to change."""
        self._changing.append((call, as_read(call)))

    def save(self, writes: list[Statement] | None = None) -> None:
        """Writes all of it. The older ones first: one subject has one call that runs.

        writes   an action's: all goes with them, after the rows that it names; None: it is written now, in one message
        """
        followed = {call.pk: call.into_id for call, _ in self._changing if call.into_id is not None}
        found: list[Statement] = []
        for call, before in self._changing:
            if call.pk in followed:
                call.into_id = None  # the one that goes on from it is not there yet
            if statement := updated(call, before):
                found.append(statement)
        ended = [call.pk for call, _ in self._changing if call.state not in RUNNING]
        if ended:
            found.append((_UNSENT, [ended]))
        found += [inserted(call) for call in self.made]
        found += [inserted(one) for one in self.attempts if one.call.state in RUNNING]
        for call, _ in self._changing:
            if call.pk in followed:
                call.into_id = followed[call.pk]
                found.append((_INTO, [call.into_id, call.pk]))
        if writes is not None:
            writes += found
        elif found:
            ask(found)
        for done in (self.made, self.attempts, self._changing):
            done.clear()


_INTO: Final = "UPDATE calls_call SET into_id = %s WHERE id = %s"
_UNSENT: Final = "DELETE FROM calls_attempt WHERE call_id = ANY(%s) AND attempted_at IS NULL AND ended_at IS NULL"


def wait_of(rung: Rung, issue: Issue, settings: Settings) -> timedelta:
    """How long a rung is called before the next one is called too."""
    minutes: int = settings.call_urgent_wait_min if issue.urgent else getattr(settings, _MINUTES[rung])
    return timedelta(minutes=minutes)


def next_rung(
    callees: Callees, issue: Issue, *, after: Rung | None, called: Iterable[UUID], receiver: UUID | None = None
) -> tuple[Rung, Posts] | None:
    """The first rung after one that has somebody who was not called yet; None: nobody is left.

    receiver   who is called before everybody, while that post answers
    """
    known = set(called)
    for rung in SEQUENCE[SEQUENCE.index(after) + 1 if after else 0 :]:
        if rung is Rung.RECEIVER:
            posts = callees.named(receiver)
        else:
            posts = callees.of(rung, sensitive=issue.sensitive, exercise=issue.exercise)
        if new := tuple(post for post in posts if post not in known):
            return rung, new
    return None


def make(issue: Issue, cause: Cause, at: datetime, book: Book, *, older: Call | None, by: str) -> list[Change]:
    """Makes the call of a cause, and ends the older one for the same subject in it. The facts, in order.

    Nothing where the centre does not call for such a cause. Nobody to be called at all: it is listed at the next pass.
    """
    settings = book.settings(issue.centre_id)
    if cause.kind in _SWITCH and not getattr(settings, _SWITCH[cause.kind]):
        return []
    unit = cause.unit or desk_id(issue.centre_id)
    callees = book.roster.callees(issue.centre_id, unit)
    rung, posts = _first(cause, callees, issue, book)
    ringing = [post for post in older.posts if post not in posts] if older is not None else []
    call = Call(
        id=uuid4(),
        issue=issue,
        kind=cause.kind,
        cause=cause.key,
        subject=cause.subject,
        unit_id=unit,
        order_id=cause.order,
        forward_id=cause.forward,
        request_id=cause.request,
        message_id=cause.message,
        escalation_id=cause.escalation,
        state=FIRST,
        version=0,
        rank=rung,
        posts=[*posts, *ringing],
        called_at=at,
        next_at=at + (wait_of(rung, issue, settings) if posts or ringing else timedelta(0)),
    )
    changes: list[Change] = []
    if older is not None:
        book.change(older)
        changes.append(end(older, issue, Verb.SILENCE, at, by=by, into=call))
    book.made.append(call)
    book.attempts += [attempt(call, post, rung, at) for post in call.posts]
    changes.append(change_of(call, issue, lambda shown: CallMade(shown, by, None, FIRST), before=None))
    return changes


def attempt(call: Call, post: UUID, rung: Rung, at: datetime) -> Attempt:
    """That somebody is to be called by the open page, the first channel there is."""
    return Attempt(id=uuid4(), call=call, post_id=post, rung=call.rung, rank=rung, channel=Way.PAGE, queued_at=at)


def end(call: Call, issue: Issue, verb: Verb, at: datetime, *, by: str, into: Call | None = None) -> Change:
    """Silences a call that runs, its row the caller's to save. Its fact. Raises NotAllowed."""
    before = audience_of(call, issue)
    was, becomes = State(call.state), step(State(call.state), verb)
    call.state, call.ended_at, call.next_at, call.into = becomes, at, None, into
    return change_of(call, issue, lambda shown: CallSilenced(shown, by, was, becomes), before=before)


def _first(cause: Cause, callees: Callees, issue: Issue, book: Book) -> tuple[Rung, Posts]:
    """Whom a step of the ladder names; else the first rung that has somebody; nobody: the last rung is passed."""
    if cause.named is not None:
        rung, named = cause.named
        if rung is Rung.DUTY_LEAD:
            return rung, book.roster.duty_leads(issue.centre_id)
        posts = named or callees.of(rung, sensitive=issue.sensitive, exercise=issue.exercise)
        if issue.sensitive:
            posts = tuple(post for post in posts if post in callees.handling)
        if posts:
            return rung, posts
    return next_rung(callees, issue, after=None, called=(), receiver=cause.receiver) or (Rung.DUTY_LEAD, ())
