"""Attempts that leave the house: queued where a page showed nothing, claimed and concluded under the issue's lock.

Nothing is sent here. Claiming and concluding are transactions of their own, the sending lies between them, so that no
lock waits for another house. Who is killed in between has lost nothing: the claim runs out, and it is sent again under
the same key. Source: docs/rules.md, "Calls".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from command.outside.contract import AGAIN, Outcome
from command.outside.models import Subscription
from command.outside.models import Way as OutsideWay
from command.outside.queries import centres_with_ways, ways_of
from command.outside.subscriptions import LIVE
from command.people.queries import held_posts
from command.settings.queries import settings_of
from command.settings.registry import Settings
from dispatch.matter.aggregate.locks import lock_free_issues
from dispatch.matter.call_law.leaving import Leaving, leaving
from dispatch.matter.calls.facts import AttemptConcluded, AttemptMade, AttemptReceived
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
GROUP: Final = "group"
_AGAIN_AFTER_S: Final = 5  # and four times as long each further time
_TOGETHER: Final = timedelta(minutes=1)  # calls to one person within it are one message


@dataclass(frozen=True, slots=True)
class Sending:
    """A claimed attempt: what is sent by which way. `tries` says which claim it is."""

    attempt_id: UUID
    issue_id: UUID
    tries: int
    way: OutsideWay
    to: str  # as `Reached.by` has it
    told: Leaving


@dataclass(slots=True)
class Batch:
    """What is claimed together: messages for at most `room` persons, each by one way.

    given  how many messages each way (its id) was given within the last minute
    """

    began: datetime
    room: int
    given: Mapping[UUID, int] = field(default_factory=dict)
    places: set[tuple[UUID, str]] = field(default_factory=set)

    def takes(self, way: OutsideWay, to: str) -> bool:
        """Whether somebody may be sent a message by this way; then it has its place."""
        if (way.pk, to) in self.places:
            return True
        mine = sum(taken == way.pk for taken, _ in self.places)
        if len(self.places) >= self.room or self.given.get(way.pk, 0) + mine >= way.per_minute:
            return False
        self.places.add((way.pk, to))
        return True


@dataclass(frozen=True, slots=True)
class Reached:
    """By what who holds a post now can be reached. `person` None: nobody holds it."""

    person: UUID | None = None
    phone: str | None = None
    has_device: bool = False

    def by(self, way: str) -> str | None:
        """To what a message goes by this way; None: it reaches nobody. A group is there whoever is called."""
        match way:
            case Way.WECOM_GROUP:
                return GROUP
            case Way.PUSH:
                return str(self.person) if self.has_device else None
        return self.phone


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
    if one.displayed_at is not None:
        outcome = Outcome.DELIVERED  # the browser was quicker than its push service's answer
    again = outcome in AGAIN and one.tries < work.settings.call_outside_tries and sending.way.failing_since is None
    if again and one.call.state in RUNNING:
        one.next_at = at + timedelta(seconds=_AGAIN_AFTER_S * 4 ** (one.tries - 1))
        work.told(one, outcome)
    elif outcome is Outcome.DELIVERED and one.channel == Way.PUSH and one.displayed_at is None:
        one.next_at = at + timedelta(seconds=work.settings.call_outside_after_s)  # a phone that is off says nothing
        work.told(one, outcome)
    else:
        work.end(one, outcome)
    work.finish()


@transaction.atomic(durable=True)
def receive(issue_id: UUID, attempts: Sequence[UUID], *, displayed: bool) -> None:
    """Records that a browser has a push for these attempts of an issue, or shows it; a fact of each that is new.

    The system's own work: the rows are the key, and repeats change nothing.
    """
    issue = Issue.objects.select_for_update(no_key=True).get(pk=issue_id)
    work = _Work(issue, clock.at(issue.last_at), settings_of(issue.centre_id), [])
    rows = Attempt.objects.filter(pk__in=attempts, call__issue=issue, channel=Way.PUSH).exclude(attempted_at=None)
    for one in rows.select_related("call__answered_post").order_by("queued_at", "pk"):
        work.received(one, displayed=displayed)
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
        reached = _reached(one.post_id for one in silent)
        for one in silent:
            self.next_way(one, reached[one.post_id], taken=set())

    def next_way(self, before: Attempt, reached: Reached, taken: set[str]) -> None:
        """The first way that was not taken for this call and post; one that reaches nobody is passed over."""
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
            if reached.by(way.kind) is not None:
                one.save(force_insert=True)
                return
            one.next_at, one.ended_at = None, self.at
            self.told(one, _why_not(way.kind))

    def take(self, batch: Batch) -> list[Sending]:
        """What is due and has a place in the batch, claimed; what need not, or can't, be sent ends.

        Who was sent a message a moment ago is sent the next one a minute after it, with all that came meanwhile.
        """
        rows = Attempt.objects.filter(call__issue=self.issue, next_at__lte=self.at)
        due = list(rows.select_related("call__answered_post").order_by("next_at", "pk")[:MAX_TAKEN])
        reached = _reached(one.post_id for one in due)
        by_kind = {way.kind: way for way in self.ways}
        if due and self.issue.cell_id is not None:
            self.issue.cell = Cell.objects.defer("polygon").select_related("parent").get(pk=self.issue.cell_id)
        recent = _recent(reached.values(), self.issue.centre_id, self.at, batch)
        taken = []
        for one in due:
            way, to = by_kind.get(str(one.channel)), reached[one.post_id].by(one.channel)
            if one.call.state not in RUNNING or self.issue.exercise or one.post_id not in one.call.posts:
                self.end(one, Outcome.NOT_NEEDED)
            elif one.outcome == Outcome.DELIVERED:  # a push whose receipt was waited for
                self.end(one, Outcome.UNSEEN)
            elif way is None:
                self.end(one, Outcome.NOT_IN_USE)
            elif to is None:
                self.end(one, _why_not(one.channel))
            elif one.tries >= self.settings.call_outside_tries:
                self.end(one, Outcome.NOT_RECORDED)
            elif one.tries == 0 and (before := recent.get((to, str(one.channel)))) is not None:
                one.next_at = before + _TOGETHER
                one.save(update_fields=["next_at"])
            elif batch.takes(way, to):
                one.tries, one.version = one.tries + 1, one.version + 1
                one.attempted_at, one.next_at = one.attempted_at or self.at, self.at + timedelta(seconds=CLAIM_S)
                one.save()
                shown = Shown(one.pk, one.version, attempt_card(one, one.call))
                self._change(AttemptMade(shown, TIMER), one)
                told = leaving(self.issue, self.settings)
                taken.append(Sending(one.pk, self.issue.pk, one.tries, way, to, told))
        return taken

    def end(self, one: Attempt, outcome: Outcome) -> None:
        """Nothing more is sent by this way; where it reached nobody who is still called, the next one is taken.

        What a group was told has reached nobody in particular.
        """
        one.next_at, one.ended_at = None, self.at
        self.told(one, outcome)
        done = outcome is Outcome.NOT_NEEDED or (outcome is Outcome.DELIVERED and one.channel != Way.WECOM_GROUP)
        if done or one.call.state not in RUNNING or self.issue.exercise:
            return
        before = Attempt.objects.filter(call=one.call, post=one.post_id).values_list("channel", flat=True)
        self.next_way(one, _reached([one.post_id])[one.post_id], taken=set(before))

    def received(self, one: Attempt, *, displayed: bool) -> None:
        """A browser has a push, and shows it: then nothing more is waited for. A repeat tells nothing."""
        if one.displayed_at is not None or (one.delivered_at is not None and not displayed):
            return
        one.delivered_at = one.delivered_at or self.at
        one.version += 1
        if displayed:
            one.displayed_at = self.at
            if one.outcome == Outcome.DELIVERED and one.next_at is not None:
                one.next_at, one.ended_at = None, self.at
        one.save()
        shown = Shown(one.pk, one.version, attempt_card(one, one.call))
        self._change(AttemptReceived(shown, TIMER, displayed), one)

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

    def _change(self, fact: AttemptMade | AttemptConcluded | AttemptReceived, one: Attempt) -> None:
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


def _recent(reached: Iterable[Reached], centre_id: UUID, at: datetime, batch: Batch) -> dict[tuple[str, str], datetime]:
    """When each was last sent a message by each way, in the minute before this batch. One statement.

    What this batch itself has claimed does not count: it leaves together.
    """
    by_person = {one.person: one for one in reached if one.person is not None}
    sent = Attempt.objects.filter(attempted_at__gt=at - _TOGETHER, attempted_at__lt=batch.began)
    theirs = Q(post__person__in=by_person) | Q(channel=Way.WECOM_GROUP, call__issue__centre_id=centre_id)
    rows = sent.exclude(channel=Way.PAGE).filter(theirs).order_by("attempted_at")
    found = {}
    for person, channel, last in rows.values_list("post__person_id", "channel", "attempted_at"):
        to = by_person.get(person, Reached()).by(channel)
        if to is not None and last is not None:
            found[to, channel] = last
    return found


def _reached(posts: Iterable[UUID]) -> defaultdict[UUID, Reached]:
    """By what who holds each post now can be reached. One statement."""
    devices = Subscription.objects.filter(LIVE, sign_in__person=OuterRef("person"))
    rows = held_posts().filter(pk__in=set(posts)).values_list("pk", "person_id", "person__phone", Exists(devices))
    found: defaultdict[UUID, Reached] = defaultdict(Reached)
    for post, person, phone, has_device in rows:
        found[post] = Reached(person, phone or None, bool(has_device))
    return found


def _why_not(way: str) -> Outcome:
    """Why this way reaches nobody."""
    return Outcome.NO_DEVICE if way == Way.PUSH else Outcome.NO_NUMBER
