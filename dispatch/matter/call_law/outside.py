"""Attempts that leave the house: queued where a page showed nothing, claimed and concluded under the issue's lock.

Nothing is sent here. Claiming and concluding are transactions of their own, the sending lies between them, so that no
lock waits for another house. Who is killed in between has lost nothing: the claim runs out, and it is sent again under
the same key. Source: docs/rules.md, "Calls".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from command.outside.contract import AGAIN, Outcome
from command.outside.models import Way as OutsideWay
from command.outside.queries import centres_with_ways, ways_of
from command.people.queries import held_posts
from command.settings.queries import settings_of
from command.settings.registry import Settings
from dispatch.matter.aggregate.locks import lock_free_issues
from dispatch.matter.call_law.leaving import Leaving, leaving
from dispatch.matter.calls.facts import AttemptConcluded, AttemptMade
from dispatch.matter.calls.models import Attempt, Call
from dispatch.matter.calls.states import RUNNING, Way
from dispatch.matter.cards.calls import attempt_card, audience_of
from dispatch.matter.facts import TIMER, Shown
from dispatch.matter.issues.models import Issue
from gis.grid.models import Cell
from realtime.delivery.models import Receipt
from realtime.feed import clock
from realtime.feed.actions import record
from realtime.feed.contract import Change
from realtime.feed.queries import facts_of

CLAIM_S: Final = 60  # longer than a sending takes: then who claimed it is gone
MAX_QUEUED: Final = 50  # of an issue, in one transaction: each may become a fact of every way
MAX_TAKEN: Final = 32
_AGAIN_AFTER_S: Final = 5  # and four times as long each further time
_TOGETHER: Final = timedelta(minutes=1)  # calls to one person within it are one message


@dataclass(frozen=True, slots=True)
class Sending:
    """A claimed attempt: what is sent by which way. `tries` says which claim it is."""

    attempt_id: UUID
    issue_id: UUID
    tries: int
    way: OutsideWay
    to: str
    told: Leaving


@dataclass(slots=True)
class Batch:
    """What is claimed together: messages for at most `room` telephones, each by one way.

    given  how many messages each way (its id) was given within the last minute
    """

    began: datetime
    room: int
    given: Mapping[UUID, int] = field(default_factory=dict)
    telephones: set[tuple[UUID, str]] = field(default_factory=set)

    def takes(self, way: OutsideWay, number: str) -> bool:
        """Whether a telephone may be sent a message by this way; then it has its place."""
        if (way.pk, number) in self.telephones:
            return True
        mine = sum(taken == way.pk for taken, _ in self.telephones)
        if len(self.telephones) >= self.room or self.given.get(way.pk, 0) + mine >= way.per_minute:
            return False
        self.telephones.add((way.pk, number))
        return True


def due_issues(batch: Batch, limit: int) -> list[UUID]:
    """Issues with something to queue or to send, those that wait longest first. A few statements for each centre."""
    at = clock.at(None)
    due = Attempt.objects.filter(next_at__lte=at).order_by("next_at")
    for way in OutsideWay.objects.filter(pk__in=batch.given):
        if batch.given[way.pk] >= way.per_minute:
            due = due.exclude(channel=way.kind, call__issue__centre_id=way.centre_id)
    found = dict.fromkeys(due.values_list("call__issue_id", flat=True)[:limit])
    for centre_id in centres_with_ways():
        rows = _unseen(at, settings_of(centre_id)).filter(call__issue__centre_id=centre_id)
        seen = dict(rows.order_by("attempted_at").values_list("pk", "call__issue_id"))
        drawn = _displayed(centre_id, seen)
        found |= dict.fromkeys(issue_id for pk, issue_id in seen.items() if pk not in drawn)
    return list(found)[:limit]


@transaction.atomic(durable=True)
def claim(issue_id: UUID, batch: Batch) -> list[Sending]:
    """Queues what is to leave the house of an issue, and takes what is due and has a place in the batch, with facts.

    An issue that somebody holds is left to the next pass.
    """
    for issue in lock_free_issues([issue_id]):
        at = clock.at(None)
        if issue.last_at > at:
            return []
        work = _Work(issue, at, settings_of(issue.centre_id), ways_of(issue.centre_id))
        work.queue()
        taken = work.take(batch)
        work.finish()
        return taken
    return []


@transaction.atomic(durable=True)
def conclude(sending: Sending, outcome: Outcome) -> None:
    """Records what came of a sending: delivered; due again a little later; or the next way is taken.

    Nothing where the claim had run out and somebody else has taken it, or the centre keeps it no longer.
    """
    issue = Issue.objects.select_for_update(no_key=True).get(pk=sending.issue_id)
    rows = Attempt.objects.filter(pk=sending.attempt_id, ended_at=None, tries=sending.tries)
    one = rows.select_related("call__answered_post").first()
    if one is None:
        return
    at = clock.at(issue.last_at)
    work = _Work(issue, at, settings_of(issue.centre_id), ways_of(issue.centre_id))
    again = outcome in AGAIN and one.tries < work.settings.call_outside_tries and sending.way.failing_since is None
    if again and one.call.state in RUNNING:
        one.next_at = at + timedelta(seconds=_AGAIN_AFTER_S * 4 ** (one.tries - 1))
        work.told(one, outcome)
    else:
        work.end(one, outcome)
    work.finish()


@dataclass(slots=True)
class _Work:
    """What is done to the attempts of one locked issue at one time."""

    issue: Issue
    at: datetime
    settings: Settings
    ways: list[OutsideWay]
    changes: list[Change] = field(default_factory=list)

    def queue(self) -> None:
        """The first way for each post whose page showed nothing in time."""
        if not self.ways or self.issue.exercise:
            return
        rows = _unseen(self.at, self.settings).filter(call__issue=self.issue).select_related("call__answered_post")
        found = list(rows.order_by("attempted_at", "pk")[:MAX_QUEUED])
        drawn = _displayed(self.issue.centre_id, [one.pk for one in found])
        silent = [one for one in found if one.pk not in drawn and one.post_id in one.call.posts]
        numbers = _numbers(one.post_id for one in silent)
        for one in silent:
            self.next_way(one, numbers, taken=set())

    def next_way(self, before: Attempt, numbers: dict[UUID, str], taken: set[str]) -> None:
        """The first way that was not taken for this call and post; without a work telephone each is passed over."""
        for way in self.ways:
            if way.kind in taken:
                continue
            one = Attempt(
                id=uuid4(),
                call=before.call,
                post_id=before.post_id,
                rung=before.rung,
                rank=before.rank,
                channel=Way(way.kind),
                queued_at=self.at,
                next_at=self.at,
            )
            if before.post_id in numbers:
                one.save(force_insert=True)
                return
            one.next_at, one.ended_at = None, self.at
            self.told(one, Outcome.NO_NUMBER)

    def take(self, batch: Batch) -> list[Sending]:
        """What is due and has a place in the batch, claimed; what need not, or can't, be sent ends.

        Who was sent a message a moment ago is sent the next one a minute after it, with all that came meanwhile.
        """
        rows = Attempt.objects.filter(call__issue=self.issue, next_at__lte=self.at)
        due = list(rows.select_related("call__answered_post").order_by("next_at", "pk")[:MAX_TAKEN])
        numbers = _numbers(one.post_id for one in due)
        by_kind = {way.kind: way for way in self.ways}
        if due and self.issue.cell_id is not None:
            self.issue.cell = Cell.objects.defer("polygon").select_related("parent").get(pk=self.issue.cell_id)
        recent = _recent(numbers.values(), self.at, batch)
        taken = []
        for one in due:
            way, number = by_kind.get(str(one.channel)), numbers.get(one.post_id)
            if one.call.state not in RUNNING or self.issue.exercise or one.post_id not in one.call.posts:
                self.end(one, Outcome.NOT_NEEDED)
            elif way is None:
                self.end(one, Outcome.NOT_IN_USE)
            elif number is None:
                self.end(one, Outcome.NO_NUMBER)
            elif one.tries >= self.settings.call_outside_tries:
                self.end(one, Outcome.NOT_RECORDED)
            elif one.tries == 0 and (before := recent.get((number, str(one.channel)))) is not None:
                one.next_at = before + _TOGETHER
                one.save(update_fields=["next_at"])
            elif batch.takes(way, number):
                one.tries, one.version = one.tries + 1, one.version + 1
                one.attempted_at, one.next_at = one.attempted_at or self.at, self.at + timedelta(seconds=CLAIM_S)
                one.save()
                shown = Shown(one.pk, one.version, attempt_card(one, one.call))
                self._change(AttemptMade(shown, TIMER), one)
                told = leaving(self.issue, self.settings)
                taken.append(Sending(one.pk, self.issue.pk, one.tries, way, number, told))
        return taken

    def end(self, one: Attempt, outcome: Outcome) -> None:
        """Nothing more is sent by this way; where it reached nobody who is still called, the next one is taken."""
        one.next_at, one.ended_at = None, self.at
        self.told(one, outcome)
        if outcome in (Outcome.DELIVERED, Outcome.NOT_NEEDED) or one.call.state not in RUNNING or self.issue.exercise:
            return
        before = Attempt.objects.filter(call=one.call, post=one.post_id).values_list("channel", flat=True)
        self.next_way(one, _numbers([one.post_id]), taken=set(before))

    def told(self, one: Attempt, outcome: Outcome) -> None:
        """Saves what came of a try, with its fact."""
        one.outcome, one.version = outcome, one.version + 1
        one.save()
        self._change(AttemptConcluded(Shown(one.pk, one.version, attempt_card(one, one.call)), TIMER, outcome), one)

    def finish(self) -> None:
        """Records it all."""
        if self.changes:
            Issue.objects.filter(pk=self.issue.pk).update(last_at=self.at)
            record(None, *self.changes, at=self.at, centre_id=self.issue.centre_id)

    def _change(self, fact: AttemptMade | AttemptConcluded, one: Attempt) -> None:
        audience = audience_of(one.call, self.issue)
        self.changes.append(Change(fact, audience if one.version > 1 else None, audience))


def _unseen(at: datetime, settings: Settings) -> QuerySet[Attempt]:
    """Attempts by a page that went out long enough ago, of calls that run, where no outside way was taken yet."""
    others = Attempt.objects.filter(call=OuterRef("call"), post=OuterRef("post")).exclude(channel=Way.PAGE)
    since = at - timedelta(seconds=settings.call_outside_after_s)
    rows = Attempt.objects.filter(channel=Way.PAGE, attempted_at__lte=since, call__in=_ringing())
    return rows.exclude(Exists(others))


def _ringing() -> QuerySet[Call]:
    return Call.objects.filter(state__in=RUNNING, issue__exercise=False)


def _displayed(centre_id: UUID, attempts: Iterable[UUID]) -> set[UUID]:
    """Those of the attempts that a device of their post has drawn. Two statements; none for none."""
    keys = list(attempts)
    if not keys:
        return set()
    facts = {fact.seq: fact.object_id for fact in facts_of(centre_id, keys)}
    drawn = Receipt.objects.filter(centre_id=centre_id, seq__in=facts).exclude(displayed_at=None)
    return {facts[seq] for seq in drawn.values_list("seq", flat=True)}


def _recent(numbers: Iterable[str], at: datetime, batch: Batch) -> dict[tuple[str, str], datetime]:
    """When each telephone was last sent a message by each way, in the minute before this batch. One statement.

    What this batch itself has claimed does not count: it leaves together.
    """
    sent = Attempt.objects.filter(attempted_at__gt=at - _TOGETHER, attempted_at__lt=batch.began)
    asked = sent.exclude(channel=Way.PAGE).filter(post__person__phone__in=set(numbers))
    rows = asked.order_by("attempted_at").values_list("post__person__phone", "channel", "attempted_at")
    return {(phone, channel): last for phone, channel, last in rows if phone is not None and last is not None}


def _numbers(posts: Iterable[UUID]) -> dict[UUID, str]:
    """The work telephone of who holds each post now; without one the post is missing. One statement."""
    rows = held_posts().filter(pk__in=set(posts)).values_list("pk", "person__phone")
    return {post: phone for post, phone in rows if phone}
