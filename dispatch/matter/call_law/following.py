"""Calls follow the rows: what an action made calls somebody, what it did answers, what is over is silent at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from command.access import PersonActor
from command.people.models import Post
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.locks import read_calls
from dispatch.matter.call_law.causes import causes, of_step, over
from dispatch.matter.call_law.opening import Book, end, make
from dispatch.matter.call_law.recording import change_of
from dispatch.matter.call_law.roster import Roster, handling
from dispatch.matter.calls.facts import CallAnswered, CallReaddressed
from dispatch.matter.calls.models import Call
from dispatch.matter.calls.states import State, Verb, step
from dispatch.matter.cards.calls import audience_of
from dispatch.matter.clocks.models import Escalation
from dispatch.matter.facts import TIMER
from dispatch.matter.issues.models import Issue
from realtime.feed.contract import Actor, Change
from realtime.feed.past import is_past


def follow(aggregate: Aggregate, *, actor: Actor | None = None, matter: Issue | None = None) -> None:
    """Ends calls that were answered by what was done, or that nobody has to answer any more; makes those that ask now.

    actor   who acted; None: the timer
    matter  the issue that deals with what was said, where the aggregate's own was merged into it
    Call it after the aggregate's rows are saved: no statement when nothing rings and nothing asks; else a few. Of a
    past that is recorded behind the present nobody is called.
    """
    if is_past():
        return
    issue, by = aggregate.issue, actor.principal if actor else TIMER
    asked = list(causes(aggregate, aggregate.at))
    running = _running(aggregate) if aggregate.versions.get(issue.pk) else {}
    book = Book(settings_read={issue.centre_id: aggregate.terms.settings} if aggregate.terms else {})
    for call in list(running.values()):
        verb = over(call, aggregate)
        if verb is not None:
            book.change(call)
            aggregate.changes.append(_ended(call, aggregate, verb, actor, by))
            del running[call.subject]
        elif issue.sensitive != aggregate.sensitive:
            book.change(call)
            aggregate.changes.append(_readdressed(call, aggregate, by))
    if asked:
        book.roster.read(issue.centre_id, {cause.unit for cause in asked if cause.unit is not None})
    for cause in asked:
        older = running.pop(cause.subject, None)
        aggregate.changes += make(matter or issue, cause, aggregate.at, book, older=older, by=by)
    aggregate.calling = [*running.values(), *book.made]  # what is still to be written cannot be read
    book.save(aggregate.writes)


def follow_steps(told: Sequence[tuple[Aggregate, Escalation]], roster: Roster) -> None:
    """Calls whom steps of the ladder name; the rows of the steps are saved. A few statements, however many steps.

    roster   with what was read of it to say whom they name
    Of a past nobody is called.
    """
    if not told or is_past():
        return
    read_calls([aggregate for aggregate, _ in told])
    wanted = [(aggregate, escalation, of_step(escalation, escalation.clock)) for aggregate, escalation in told]
    book = Book(roster)
    by_centre: dict[UUID, set[UUID]] = {}
    for aggregate, _, cause in wanted:
        if cause.unit is not None:
            by_centre.setdefault(aggregate.issue.centre_id, set()).add(cause.unit)
    for centre_id, units in by_centre.items():
        book.roster.read(centre_id, units)
    for aggregate, escalation, cause in wanted:
        running = {call.subject: call for call in aggregate.calling or ()}
        older = running.pop(cause.subject, None)
        aggregate.changes += make(aggregate.issue, cause, aggregate.at, book, older=older, by=TIMER)
        book.made[-1].escalation = escalation
        aggregate.calling = [*running.values(), book.made[-1]]
    book.save()


def _running(aggregate: Aggregate) -> dict[str, Call]:
    """The issue's calls that run, by subject; of one instant that of the older clock is first.

    No statement after the lock of one issue, else one.
    """
    read_calls([aggregate])
    born = {clock.pk: clock.card_id for clock in aggregate.clocks}

    def age(call: Call) -> tuple[datetime, int]:
        return call.called_at, born.get(call.escalation.clock_id, 0) if call.escalation else 0

    return {call.subject: call for call in sorted(aggregate.calling or (), key=age)}


def _ended(call: Call, aggregate: Aggregate, verb: Verb, actor: Actor | None, by: str) -> Change:
    """Answered by who did what was asked for; what nobody at a post did silences it."""
    post = post_of(actor, call) if verb is Verb.ANSWER else None
    if post is None or actor is None:
        return end(call, aggregate.issue, Verb.SILENCE, aggregate.at, by=by)
    return answered(call, aggregate.issue, post, aggregate.at, by=by)


def answered(call: Call, issue: Issue, post: Post, at: datetime, *, by: str) -> Change:
    """Ends a call that runs with the answer of a post; the row is the caller's to save. Its fact. Raises NotAllowed."""
    before = audience_of(call, issue)
    was, becomes = State(call.state), step(State(call.state), Verb.ANSWER)
    call.state, call.ended_at, call.next_at = becomes, at, None
    call.answered_at, call.answered_by, call.answered_post = at, by, post
    return change_of(call, issue, lambda shown: CallAnswered(shown, by, was, becomes, post.pk), before=before)


def post_of(actor: Actor | None, call: Call) -> Post | None:
    """By which post somebody answers: one that is called, else one of the unit, else the first; None: by none."""
    if not isinstance(actor, PersonActor) or not actor.posts:
        return None
    called = [post for post in actor.posts if post.id in call.posts]
    own = [post for post in actor.posts if post.unit_id == call.unit_id]
    held = (*called, *own, *actor.posts)[0]
    return Post(id=held.id, unit_id=held.unit_id, role=held.role)  # as much of the row as a card shows


def _readdressed(call: Call, aggregate: Aggregate, by: str) -> Change:
    """Of what became sensitive only those are called who handle it."""
    issue = aggregate.issue
    before = audience_of(call, issue, sensitive=aggregate.sensitive)
    if issue.sensitive:
        call.posts = handling(call.posts)
    return change_of(call, issue, lambda shown: CallReaddressed(shown, by), before=before)
