"""The demonstration's past: what had ended before it opens is recorded behind it, one issue's whole life at a time.

Each is one transaction, so nobody ever sees it half told: a screen, the timer, a figure know it ended or not at all.
The timer's part is made here, at the very instants: for the timer itself all of it would be long overdue. Nobody is
called for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from command.settings.queries import settings_of
from demo.seed.stories import Step, Story, Verb, in_order
from demo.seed.telling import Teller
from dispatch.matter.clock_law import fire_due
from dispatch.matter.issues.models import Issue, Past
from dispatch.matter.issues.states import State
from dispatch.verbs.archive import archive_of
from dispatch.verbs.pasts import count_in
from realtime.feed import clock
from realtime.feed.past import recorded_as_past
from realtime.feed.statements import ask

OVER: Final = timedelta(days=2)  # what ended earlier is in no figure of today: no relay or day of it reaches so far
_ENDED: Final = frozenset({Verb.CLOSE, Verb.DECLINE, Verb.MERGE})

_NEXT: Final = "SELECT min(due_at) FROM clocks_due WHERE issue_id = ANY(%s) AND fired_at IS NULL"
_SHIFT: Final = "SELECT set_config('relay60.shift', %s, false)"

Group = tuple[Story, ...]  # an issue, and those that were merged into it


@dataclass(frozen=True, slots=True)
class Parted:
    """A demonstration's stories: what is told before it opens, what behind it, and the number of each, from 1."""

    all: Sequence[Story]
    today: Sequence[Story]
    past: Sequence[Group]
    ranks: Mapping[int, int]

    @property
    def past_issues(self) -> int:
        """How many issues are told behind."""
        return sum(map(len, self.past))


def part(stories: Sequence[Story], *, told: int) -> Parted:
    """Parts what had ended OVER ago from what a screen, a list or a figure of today shows.

    told  so many of the first are the demonstration's own, and open with it whatever came of them
    Numbers follow the reports' times across both.
    """
    groups: dict[int, list[Story]] = {}
    for story in stories:
        into = next((int(step.said["into"]) for step in story.steps if step.verb is Verb.MERGE), story.number)
        groups.setdefault(into, []).append(story)
    own = {story.number for story in stories[:told]}
    past = [tuple(group) for number, group in groups.items() if number not in own and all(map(_is_over, group))]
    past.sort(key=lambda group: -group[0].steps[0].ago)
    behind = {story.number for group in past for story in group}
    reported = sorted(stories, key=lambda story: (-story.steps[0].ago, story.number))
    ranks = {story.number: rank for rank, story in enumerate(reported, start=1)}
    return Parted(stories, [story for story in stories if story.number not in behind], past, ranks)


def _is_over(story: Story) -> bool:
    return story.steps[-1].ago >= OVER and any(step.verb in _ENDED for step in story.steps)


@dataclass(slots=True)
class PastStage:
    """The groups of a past and who tells them. One a process."""

    teller: Teller
    past: Past
    groups: Sequence[Group]
    _now: datetime | None = None

    def take(self, group: int, _step: int = 0) -> bool:
        """Tells one group whole, or nothing of it; False when it was told before. Raises what its actions raise."""
        stories = self.groups[group]
        if self._is_told(stories[0]):
            return False
        self._now = clock.at(None)
        transaction.set_autocommit(False)
        try:
            with recorded_as_past(self.past.centre_id):
                self._live(stories)
                reached = self.past.as_of - stories[0].steps[0].ago
                count_in(self.past.centre_id, len(stories), reached=reached)
            transaction.commit()
        except Exception:
            transaction.rollback()
            if self._is_told(stories[0]):  # by a process that outlived the one that began it
                return False
            raise
        finally:
            transaction.rollback()
            transaction.set_autocommit(True)
            ask([(_SHIFT, [""])])
        return True

    def missing(self) -> list[int]:
        """Which groups are not told. One statement."""
        numbers = Issue.objects.filter(centre_id=self.past.centre_id).values_list("number", flat=True)
        known = set(numbers)
        return [place for place, group in enumerate(self.groups) if self._number(group[0]) not in known]

    def _number(self, story: Story) -> int:
        return self.teller.numbers[story.number]

    def _is_told(self, story: Story) -> bool:
        return Issue.objects.filter(centre_id=self.past.centre_id, number=self._number(story)).exists()

    def _live(self, stories: Group) -> None:
        """All steps of a group in the order of their times, and between them what fell due."""
        issues: list[UUID] = []
        for story, step in in_order(stories):
            self._let_fall_due(issues, until=self._at(step))
            if not self.teller.make(story, step):
                raise RuntimeError(f"story {story.number}: {step.verb} was made before its issue was told")
            if step.verb is Verb.REPORT:
                issues.append(self.teller.issue_id(story))
        self._let_fall_due(issues, until=self.past.as_of)
        self._put_away(issues, max(self._at(story.steps[-1]) for story in stories))

    def _put_away(self, issues: list[UUID], last: datetime) -> None:
        """What had lain long enough is archived, at the time when it had, but after its last step."""
        kept = timedelta(days=settings_of(self.past.centre_id).archive_after_days)
        closed = Issue.objects.filter(pk__in=issues, state=State.CLOSED).values_list("closed_at", flat=True).first()
        if closed is not None and max(closed + kept, last) < self.past.as_of:
            self._move_to(max(closed + kept, last))
            archive_of(self.past.centre_id, issues)

    def _let_fall_due(self, issues: list[UUID], *, until: datetime) -> None:
        """The timer's turns before an instant, each when something is due; then it is that instant."""
        while (due := self._move_to(until, issues)) is not None and due <= until:
            self._move_to(due)
            if not fire_due(issues):
                raise RuntimeError(f"what is due at {due} of {issues} can't be fired")

    def _move_to(self, at: datetime, issues: Sequence[UUID] = ()) -> datetime | None:
        """It is `at` now. When something of the issues falls due next. One round trip."""
        assert self._now is not None
        shift = f"{(at - self._now).total_seconds()} seconds"
        [(found,)], _ = ask([(_NEXT, [list(issues)]), (_SHIFT, [shift])])
        due: datetime | None = found
        return due

    def _at(self, step: Step) -> datetime:
        return self.past.as_of - step.ago
