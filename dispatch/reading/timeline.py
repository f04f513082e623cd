"""What happened to an issue, read from the feed: facts with their people's names and, for who may see them, words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from command.people.queries import DoneBy, done_by
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.handling import handling
from dispatch.matter.aggregate.notes import read_notes
from dispatch.matter.clocks.models import Escalation
from dispatch.matter.facts import REDRAWN, TIMER
from dispatch.matter.issues.models import Note, NoteKind
from dispatch.matter.messages.facts import SHOWN as MESSAGES_SHOWN
from dispatch.matter.replies.models import Reply
from dispatch.matter.texts.masking import mask_text
from dispatch.matter.viewings.models import Viewing
from realtime.delivery.models import Receipt
from realtime.feed.contract import Actor, Audience, Json
from realtime.feed.queries import FactRow, facts_of

TIMER_ZH = "计时"
REPORTER_ZH = "反映人"
_REPORTERS = ("public:", "reporter:")  # by the page without an account, or by a query code
_TOLD_ONCE = (NoteKind.REVEAL_REASON, NoteKind.AMEND_REASON)  # objects whose id is their note's


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact as a timeline shows it. `text` are the masked words of the notes that its body names."""

    seq: int
    at: datetime
    name: str
    object_kind: str
    object_id: UUID
    by_name: str | None
    by_unit: str | None
    body: Mapping[str, Json]
    text: str | None


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """Whether a sent order has reached a device of its addressee, and was drawn there."""

    order: UUID
    addressee: str
    delivered_at: datetime | None
    displayed_at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """The facts of an issue and its children that an actor sees, in the feed's order, and the notes in clear."""

    entries: tuple[Entry, ...]
    receipts: tuple[ReceiptView, ...]
    notes: Mapping[UUID, str]
    handlers: frozenset[str]  # principals, of the orders that the actor sees


def history_of(aggregate: Aggregate, actor: Actor, messages: Collection[UUID] = ()) -> History:
    """All that happened, as this actor may know it. Eight statements at most.

    messages   those that the actor may read now, whoever might when they were written
    """
    issue = aggregate.issue
    children = [row.pk for row in aggregate.rows()]
    told_once = Note.objects.filter(issue=issue, kind__in=_TOLD_ONCE).values_list("pk", flat=True)
    steps = Escalation.objects.filter(issue=issue).values_list("pk", flat=True)
    replies = Reply.objects.filter(issue=issue).values_list("pk", flat=True)
    looks = Viewing.objects.filter(issue=issue).order_by().values_list("pk", flat=True)
    facts = _seen(facts_of(issue.centre_id, [*children, *told_once.union(steps, replies, looks)]), actor)
    addressed = {fact.seq: fact for fact in facts if fact.addressed_to and fact.object_kind == "order"}
    receipts = list(Receipt.objects.filter(centre_id=issue.centre_id, seq__in=addressed).order_by("seq"))
    if receipts:
        facts += _seen(facts_of(issue.centre_id, [row.object_id for row in receipts]), actor)
        facts.sort(key=lambda fact: fact.seq)
    if messages:
        facts += [fact for fact in facts_of(issue.centre_id, list(messages)) if fact.name in MESSAGES_SHOWN]
        facts.sort(key=lambda fact: fact.seq)
    notes = read_notes(issue.pk)
    stored = [(fact, orjson.loads(fact.bytes)["body"]) for fact in facts]
    handlers = handling((fact.name, body) for fact, body in stored)
    names = done_by({str(body["by"]) for _, body in stored if "by" in body}, issue.centre_id)
    return History(
        tuple(_entry(fact, body, names, notes) for fact, body in stored),
        tuple(
            ReceiptView(
                addressed[row.seq].object_id, addressed[row.seq].addressed_to or "", row.delivered_at, row.displayed_at
            )
            for row in receipts
        ),
        notes,
        handlers,
    )


def _seen(facts: list[FactRow], actor: Actor) -> list[FactRow]:
    """Those of a scope, without those that tell a card's new shape only."""
    return [
        fact
        for fact in facts
        if fact.name not in REDRAWN and actor.scope.sees(Audience.of_wire(orjson.loads(fact.audience)["after"]))
    ]


def _without_account(principal: str) -> str | None:
    if principal == TIMER:
        return TIMER_ZH
    return REPORTER_ZH if principal.startswith(_REPORTERS) else None


def _entry(fact: FactRow, body: dict[str, Json], names: Mapping[str, DoneBy], notes: Mapping[UUID, str]) -> Entry:
    principal = str(body.pop("by", ""))
    who = names.get(principal)
    name, unit = (who.name, who.unit or None) if who else (None, None)
    note = body.get("note") or (str(fact.object_id) if fact.object_kind in ("reveal", "amendment") else None)
    named = (note, body.get("waive_note"))  # why it was so closed, and why nobody was asked
    words = [notes[UUID(str(one))] for one in named if one and UUID(str(one)) in notes]
    return Entry(
        fact.seq,
        fact.at,
        fact.name,
        fact.object_kind,
        fact.object_id,
        _without_account(principal) or name,
        unit,
        body,
        mask_text("\n".join(words)) if words else None,
    )
