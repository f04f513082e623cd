"""Reads of calls: what rings, an issue's calls, the desk's telephone list. Scoped; nothing here writes or locks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from command.access import Right
from command.outside.contract import Outcome
from command.outside.queries import FailingView, failing
from command.people.models import Post
from dispatch.matter.aggregate.locks import issue_not_found
from dispatch.matter.aggregate.notes import read_notes
from dispatch.matter.aggregate.visible import visible
from dispatch.matter.calls.models import Attempt, Call, Telephoning
from dispatch.matter.calls.states import RUNNING, State, Way
from dispatch.matter.cards.calls import CallCard, audience_of, call_card
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.rights import holds
from realtime.delivery.models import Receipt
from realtime.feed.contract import Actor, Scope
from realtime.feed.objects import ShownObject
from realtime.feed.queries import facts_of, latest_facts


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt: which post, by what, when; and when a device of the post had it and drew it.

    By a way outside the house: how often it was tried, and what came of the last try; `delivered_at` is when it was
    taken over there. Of a push both are what a browser has told.
    """

    post: UUID
    unit: UUID
    role: str
    rank: str
    rung: int
    channel: str
    queued_at: datetime
    attempted_at: datetime | None
    delivered_at: datetime | None
    displayed_at: datetime | None
    tries: int
    ended_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class TelephoningView:
    """One telephone call: to which post, what came of it; the note for the desk only."""

    post: UUID
    unit: UUID
    role: str
    outcome: str
    at: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class CallView:
    """A call with all that was tried."""

    id: UUID
    version: int
    card: CallCard
    attempts: tuple[AttemptView, ...]
    telephonings: tuple[TelephoningView, ...]


@dataclass(frozen=True, slots=True)
class Callee:
    """Whom the desk rings: post, name, telephone number (None: the administrator has none)."""

    post: UUID
    unit: UUID
    role: str
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the telephone list."""

    call: CallView
    urgent: bool
    item: str
    callees: tuple[Callee, ...]


def call_objects(scope: Scope, centre_id: UUID) -> Iterator[ShownObject]:
    """The calls that nobody has answered, as their latest facts show them. One statement."""
    rows = _running(centre_id).order_by().values_list("pk", "version")
    return (shown for shown in latest_facts(centre_id, rows) if scope.sees(shown.audience))


def call_rows(scope: Scope, centre_id: UUID, *, among: tuple[UUID, UUID] | None = None) -> Iterator[ShownObject]:
    """The same, built from the rows alone: what `reconcile` and the tests hold against the feed. One statement.

    among  the first and the last id of the issues whose calls are read; None: all
    """
    rows = _running(centre_id).select_related("issue", "answered_post")
    for row in rows.filter(issue_id__gte=among[0], issue_id__lte=among[1]) if among else rows:
        audience = audience_of(row, row.issue)
        if scope.sees(audience):
            yield ShownObject.of_card("call", row.pk, row.version, call_card(row, row.issue), audience)


def unanswered(centre_id: UUID) -> int:
    """How many calls nobody has answered; exercises are none. One statement."""
    return _running(centre_id).filter(issue__exercise=False).count()


def calls_of(issue_id: UUID, *, actor: Actor) -> list[CallView]:
    """The calls of an issue, the latest first, as far as the actor may know of them. Seven statements at most.

    Raises NotFound for an issue of which the actor may know nothing.
    """
    rows = Call.objects.filter(issue_id=issue_id, issue__centre_id=actor.centre_id)
    seen = [
        call
        for call in rows.select_related("issue", "answered_post").order_by("-called_at", "pk")
        if actor.scope.sees(audience_of(call, call.issue))
    ]
    if not seen and not Issue.objects.filter(visible(actor.scope), pk=issue_id, centre_id=actor.centre_id).exists():
        raise issue_not_found()
    return _views(seen, actor)


def telephone_list(*, actor: Actor) -> list[Listed]:
    """The calls that nobody answered, whom to ring, and their numbers: for the desk only. The first due first.

    Raises Forbidden. Eight statements at most.
    """
    scope = actor.scope_for(Right.CALLS_TELEPHONE)
    rows = Call.objects.filter(state=State.LISTED, issue__centre_id=actor.centre_id)
    listed = [
        call
        for call in rows.select_related("issue", "answered_post").order_by("next_at", "called_at", "pk")
        if scope.sees(audience_of(call, call.issue))
    ]
    known = _posts(post for call in listed for post in call.posts)
    return [
        Listed(view, call.issue.urgent, call.issue.item, tuple(_callee(known[post]) for post in call.posts))
        for call, view in zip(listed, _views(listed, actor), strict=True)
    ]


def failing_ways(*, actor: Actor) -> list[FailingView]:
    """The centre's ways outside the house whose last sendings all failed: for the desk only. Raises Forbidden."""
    actor.scope_for(Right.CALLS_TELEPHONE)
    return failing(actor.centre_id)


def _running(centre_id: UUID) -> QuerySet[Call]:
    return Call.objects.filter(issue__centre_id=centre_id, state__in=RUNNING)


def _posts(keys: Iterable[UUID]) -> dict[UUID, Post]:
    return {post.pk: post for post in Post.objects.filter(pk__in=set(keys)).select_related("person")}


def _callee(post: Post) -> Callee:
    return Callee(post.pk, post.unit_id, str(post.role), post.person.name, post.person.phone)


def _views(calls: Sequence[Call], actor: Actor) -> list[CallView]:
    if not calls:
        return []
    attempts: dict[UUID, list[AttemptView]] = defaultdict(list)
    rows = list(Attempt.objects.filter(call__in=calls).select_related("post").order_by("rung", "queued_at", "pk"))
    receipts = _receipts(actor.centre_id, [row.pk for row in rows])
    for row in rows:
        receipt = receipts.get(row.pk)
        attempts[row.call_id].append(
            AttemptView(
                row.post_id,
                row.post.unit_id,
                str(row.post.role),
                str(row.rank),
                row.rung,
                str(row.channel),
                row.queued_at,
                row.attempted_at,
                receipt.delivered_at if receipt else _handed_over(row),
                receipt.displayed_at if receipt else row.displayed_at,
                row.tries,
                row.ended_at,
                row.outcome,
            )
        )
    tried = _telephonings(calls, notes=holds(actor, Right.CALLS_TELEPHONE))
    return [
        CallView(call.pk, call.version, call_card(call, call.issue), tuple(attempts[call.pk]), tuple(tried[call.pk]))
        for call in calls
    ]


def _handed_over(row: Attempt) -> datetime | None:
    """When a way outside the house took it over; of a push, when a browser told that it has it."""
    if row.channel == Way.PUSH:
        return row.delivered_at
    return row.ended_at if row.outcome == Outcome.DELIVERED else None


def _receipts(centre_id: UUID, attempts: list[UUID]) -> dict[UUID, Receipt]:
    """When the fact of each attempt was delivered and displayed. Two statements."""
    facts = {fact.seq: fact.object_id for fact in facts_of(centre_id, attempts)} if attempts else {}
    return {facts[row.seq]: row for row in Receipt.objects.filter(centre_id=centre_id, seq__in=facts)} if facts else {}


def _telephonings(calls: Sequence[Call], *, notes: bool) -> dict[UUID, list[TelephoningView]]:
    found: dict[UUID, list[TelephoningView]] = defaultdict(list)
    rows = list(Telephoning.objects.filter(call__in=calls).select_related("post", "call").order_by("at", "pk"))
    said = {one.note_id: one.call.issue_id for one in rows if one.note_id is not None} if notes else {}
    words: dict[UUID, str] = {}
    for issue_id in set(said.values()):
        words |= read_notes(issue_id)
    for one in rows:
        note = words.get(one.note_id) if one.note_id is not None else None
        found[one.call_id].append(
            TelephoningView(one.post_id, one.post.unit_id, str(one.post.role), str(one.outcome), one.at, note)
        )
    return found
