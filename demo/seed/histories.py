"""Invented histories of a county's issues, as steps of the real actions. Pure: the same seed gives the same ones.

What is drawn: item and words by the catalogue, place, channel, how fast each step was, how far it got. What is *not*
drawn is whether a step is lawful: the actions say, and a history that is not lawful stops the seed.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final, Protocol

from demo.seed.messages import Spoken, channel_for, message, reporter
from demo.seed.stories import Step, Story, Verb

NEWEST_AGO: Final = timedelta(minutes=4)  # the told stories' newest report comes last: by it a finished seed is known
DAY: Final = 1_440.0  # minutes
CHANNELS: Final = {
    "grid_report": 30, "hotline_12345": 24, "centre_phone": 12, "police_source": 8, "window_visit": 8,
    "public_qr": 6, "petition_source": 4, "department_referral": 3, "court_source": 3, "home_visit": 2,
}  # fmt: skip
GROUNDS: Final = (
    ("not_in_jurisdiction", "经核实该处不属本区管辖，请向所在地综治中心反映。"),
    ("in_legal_procedure", "该事项已进入法定程序，请依程序向承办机关反映。"),
    ("already_answered", "同一事项已有终局答复，不再重复受理。"),
    ("no_clear_demand", "多次联系仍无法核实诉求，请补充后再反映。"),
)
RESULTS: Final = ("已到场处置，情况属实，现已办结。", "经调解双方达成一致，已签字确认。", "已整改到位，并安排复查。")
ANSWERED: Final = {"text": "您反映的事项已办理完毕，处理结果已电话告知，如有疑问可再来电。"}
SETTLED: Final = "双方当场达成一致，互谅互让，握手言和。"
# How far an open issue has come, in percent.
FAR: Final = {"report": 18, "accept": 8, "file": 10, "dispatch": 12, "acknowledge": 14, "start": 20, "feed_back": 10,
              "verify": 8}  # fmt: skip
SETTLED_KINDS: Final = frozenset({"dispute", "service"})
# Of a hundred past issues; settled on the spot: of those that a grid member reports and may settle.
SETTLED_PERCENT: Final = 80
DECLINED_PERCENT: Final = 9
MERGED_PERCENT: Final = 5
WITHDRAWN_PERCENT: Final = 2
RETURNED_PERCENT: Final = 5
SUSPENDED_PERCENT: Final = 4
REWORKED_PERCENT: Final = 6
ASSISTED_PERCENT: Final = 10
LATE_PERCENT: Final = 6
SAME_WRITER: Final = 2  # a merged issue is told by the process that tells the one that took it in


class Known(Spoken, Protocol):
    """What of a catalogue's item a history needs."""

    @property
    def code(self) -> str:
        """Its number."""

    @property
    def lead_department(self) -> str:
        """Who usually leads."""

    @property
    def co_departments(self) -> Sequence[str]:
        """Who usually helps."""

    @property
    def level(self) -> str:
        """How grave."""

    @property
    def urgent(self) -> bool:
        """Whether somebody must be there at once."""

    @property
    def sensitive(self) -> bool:
        """Whether only the desk and the unit may see it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A micro-grid by its number, who is responsible for its grid, and its township's unit."""

    number: int
    grid_member: str
    township: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: usernames, the liaisons by their unit's code."""

    places: Sequence[Place]
    liaisons: Mapping[str, str]
    desk: Sequence[str] = ("duty1", "duty2")
    lead: str = "lead"


@dataclass(frozen=True, slots=True)
class Mix:
    """How many issues are open and how many are past, reported over so many days; `first` is their first number."""

    open: int
    past: int
    days: int = 60
    first: int = 1


def invent(items: Sequence[Known], cast: Cast, mix: Mix, *, seed: int) -> tuple[Story, ...]:
    """`mix.open` histories that have not come to their end and `mix.past` that have, by number."""
    choose = random.Random(seed)  # noqa: S311  # a demonstration, not a secret
    wards = [item for item in items if item.lead_department == "township" or item.lead_department in cast.liaisons]
    stories: list[Story] = []
    for number in range(mix.first, mix.first + mix.open + mix.past):
        is_open = number < mix.first + mix.open
        twin = None
        if not is_open and choose.randrange(100) < MERGED_PERCENT and len(stories) > SAME_WRITER:
            twin = _told_again(stories[-SAME_WRITER], number, cast, choose)
        stories.append(twin or _Life(choose, cast, choose.choice(wards), mix.days).told(number, is_open=is_open))
    return tuple(stories)


def _told_again(story: Story, number: int, cast: Cast, choose: random.Random) -> Story | None:
    """The same happening, reported once more while it was in hand, and merged; None where there was no such time.

    None also of what was withdrawn: it is not closed as that while somebody else has reported it.
    """
    if any(step.verb is Verb.WITHDRAW for step in story.steps):
        return None
    accepted = next((step.ago for step in story.steps if step.verb is Verb.ACCEPT), None)
    ended = next((step.ago for step in story.steps if step.verb in _NO_TARGET), timedelta(0))
    if accepted is None or accepted - ended < timedelta(minutes=30):
        return None
    steps = [
        Step(accepted - timedelta(minutes=5), Verb.REPORT, choose.choice(cast.desk), {}),
        Step(accepted - timedelta(minutes=16), Verb.MERGE, choose.choice(cast.desk), {"into": story.number}),
    ]
    if any(step.verb in (Verb.CLOSE, Verb.DECLINE) for step in story.steps):  # who told it again waits for its end
        later = story.steps[-1].ago
        steps.append(Step(later - min(timedelta(minutes=6), later / 3), Verb.REPLY, choose.choice(cast.desk), ANSWERED))
    name, phone = reporter(choose)
    return replace(story, number=number, channel="hotline_12345", reporter=name, phone=phone, steps=tuple(steps))


@dataclass(slots=True)
class _Life:
    """One issue being invented: minutes before now run down from its report."""

    choose: random.Random
    cast: Cast
    item: Known
    days: int
    steps: list[Step] = field(default_factory=list)
    ago: float = 0.0  # minutes before now, of the step told last

    def told(self, number: int, *, is_open: bool) -> Story:
        choose = self.choose
        place = choose.choice(self.cast.places)
        channel = self._drawn(CHANNELS)
        far = self._drawn(FAR) if is_open else "close"
        if is_open:
            self.ago = _OPEN_FOR[far] * (0.4 + choose.random())
        else:
            self.ago = DAY * choose.uniform(6.5, self.days)
        own = channel in ("grid_report", "home_visit")
        self._add(Verb.REPORT, place.grid_member if own else self._officer())
        if far == "close" and channel == "grid_report" and self._may_be_settled():
            self._add(Verb.SETTLE_ON_SPOT, place.grid_member, after=self._minutes(20), said={"text": SETTLED})
            said = {"outcome": "resolved", "followed_up": True}
            self._add(Verb.CLOSE, self._officer(), after=self._minutes(300), said=said)
        elif far != "report":
            self._live(place, far)
        name, phone = reporter(choose)
        told_by_name = not own and choose.random() < 0.7
        if told_by_name and not is_open:
            self._add(Verb.REPLY, self._officer(), after=self._minutes(30), said=ANSWERED)
        text = message(self.item, choose)
        return Story(
            number=number,
            item=self.item.code,
            channel=channel_for(self.item, text, channel),
            text=text,
            where=place.number,
            accuracy_m=choose.choice((None, 5.0, 8.0, 12.0, 30.0)),
            reporter=name if told_by_name else None,
            phone=phone if told_by_name else None,
            steps=tuple(self.steps),
        )

    def _live(self, place: Place, far: str) -> None:
        """The steps after the report, as far as `far`."""
        choose, desk = self.choose, self._officer()
        if far == "close" and not self.item.urgent and choose.randrange(100) < DECLINED_PERCENT:
            ground, text = choose.choice(GROUNDS)
            self._add(Verb.DECLINE, desk, after=self._minutes(14), said={"ground": ground, "text": text})
            return
        unit = place.township if self.item.lead_department == "township" else self.item.lead_department
        liaison = self.cast.liaisons[unit]
        helper = self._helper(unit, place)
        self._add(Verb.ACCEPT, desk, after=self._minutes(12))
        if far == "accept":
            return
        if far == "close" and choose.randrange(100) < WITHDRAWN_PERCENT:
            self._add(Verb.WITHDRAW, desk, after=self._minutes(90), said={"reason": "来电称双方已自行协商解决。"})
            self._add(Verb.CLOSE, desk, after=20.0, said={"outcome": "withdrawn", "followed_up": True})
            return
        self._add(Verb.FILE, desk, after=self._minutes(6))
        if far == "file":
            return
        said = {"unit": unit} | ({"assists": [helper]} if helper else {})
        self._add(Verb.DISPATCH, desk, after=self._minutes(10), said=said)
        if far == "dispatch":
            return
        self._add(Verb.ACKNOWLEDGE, liaison, after=self._minutes(13), said={"unit": unit})
        if far == "acknowledge":
            return
        if helper:
            self._add(Verb.ACKNOWLEDGE, self.cast.liaisons[helper], after=2.0, said={"unit": helper})
        elif choose.randrange(100) < RETURNED_PERCENT:
            unit = self._give_back(unit, place)
            liaison = self.cast.liaisons[unit]
        self._add(Verb.START, liaison, after=self._minutes(40), said={"unit": unit})
        if far == "start":
            if choose.randrange(100) < 2 * SUSPENDED_PERCENT:
                wait = {"days": 20, "reason": "须等专业检测结果，暂缓处置。"}
                self._add(Verb.SUSPEND, self.cast.lead, after=self._minutes(60), said=wait)
            return
        if choose.randrange(100) < SUSPENDED_PERCENT:
            wait = {"days": 10, "reason": "当事人外出，约定归期后再处置。"}
            self._add(Verb.SUSPEND, self.cast.lead, after=self._minutes(60), said=wait)
            away = DAY * choose.uniform(0.5, 1.5)
            self._add(Verb.RESUME, self.cast.lead, after=away, said={"reason": "当事人已返回。"})
        if helper:
            self._feed_back(helper, 300.0)
        self._feed_back(unit, self._handling())
        if far == "feed_back":
            return
        if choose.randrange(100) < REWORKED_PERCENT and far == "close":
            self._add(Verb.REWORK, self._officer(), after=90.0, said={"reason": "现场复核仍未到位，请补充整改。"})
            self._feed_back(unit, self._minutes(500))
        self._add(Verb.VERIFY, self._officer(), after=self._minutes(120))
        if far == "close":
            self._add(Verb.CLOSE, self._officer(), after=self._minutes(200), said=self._closing())

    def _give_back(self, unit: str, place: Place) -> str:
        """The unit asks to give the order back, and the lead rules. Who has it then."""
        said = {"unit": unit, "ground": "not_our_duty", "text": "该事项主管职责不在本单位，请改派。"}
        self._add(Verb.REQUEST_RETURN, self.cast.liaisons[unit], after=self._minutes(30), said=said)
        other = self._other(unit, place)
        if other is None or self.choose.randrange(100) < 40:
            reason = "按职责清单由你单位主办，请抓紧处置。"
            self._add(Verb.COMPEL, self.cast.lead, after=self._minutes(25), said={"reason": reason})
            return unit
        self._add(Verb.GRANT_RETURN, self.cast.lead, after=self._minutes(25))
        said = {"unit": other, "reason": "原单位退单获准，按协办职责改派。"}
        self._add(Verb.REDISPATCH, self._officer(), after=self._minutes(15), said=said)
        self._add(Verb.ACKNOWLEDGE, self.cast.liaisons[other], after=self._minutes(13), said={"unit": other})
        return other

    def _may_be_settled(self) -> bool:
        """Only a general, not sensitive dispute or service matter is settled on the spot."""
        item = self.item
        fits = item.kind in SETTLED_KINDS and item.level == "general" and not item.sensitive and not item.urgent
        return fits and self.choose.randrange(100) < SETTLED_PERCENT

    def _feed_back(self, unit: str, after: float) -> None:
        said = {"unit": unit, "result": "handled", "text": self.choose.choice(RESULTS)}
        self._add(Verb.FEED_BACK, self.cast.liaisons[unit], after=after, said=said)

    def _closing(self) -> dict[str, Any]:
        """Outcome with what it requires. `told` is minutes before the closing, `next_in` days after it."""
        draw = self.choose.randrange(100)
        if draw < 5:
            return {
                "outcome": "not_resolved",
                "followed_up": True,
                "reason": "双方分歧过大，已告知诉讼途径。",
                "told": 30,
            }
        if draw < 12:
            return {"outcome": "followed", "followed_up": True, "next_in": 14}
        if draw < 25:
            return {"outcome": "resolved", "followed_up": False, "waive_reason": "匿名反映，无法回访。"}
        return {"outcome": "resolved", "followed_up": True}

    def _handling(self) -> float:
        """Minutes of handling: some hours to four days; a few beyond the five days of a general issue."""
        late = self.choose.randrange(100) < LATE_PERCENT
        return DAY * (self.choose.uniform(5.05, 5.4) if late else self.choose.triangular(0.1, 4.2, 1.0))

    def _minutes(self, middle: float) -> float:
        """About `middle` minutes, often less, seldom much more."""
        return min(middle * math.exp(self.choose.gauss(0.0, 0.75)), middle * 9)

    def _helper(self, unit: str, place: Place) -> str | None:
        return self._other(unit, place) if self.choose.randrange(100) < ASSISTED_PERCENT else None

    def _other(self, unit: str, place: Place) -> str | None:
        """A body that usually helps with such a matter."""
        known = [place.township if code == "township" else code for code in self.item.co_departments]
        return next((code for code in known if code != unit and code in self.cast.liaisons), None)

    def _officer(self) -> str:
        return self.choose.choice(self.cast.desk)

    def _drawn(self, weights: Mapping[str, int]) -> str:
        return self.choose.choices(list(weights), list(weights.values()))[0]

    def _add(self, verb: Verb, account: str, *, after: float = 0.0, said: Mapping[str, Any] | None = None) -> None:
        """The next step, `after` minutes later; what would lie too near to now is squeezed before it, in order."""
        floor = NEWEST_AGO.total_seconds() / 60
        later = self.ago - after
        if self.steps and later < floor:
            later = floor + (self.ago - floor) / 2
        self.ago = later
        self.steps.append(Step(timedelta(seconds=round(later * 60, 3)), verb, account, said or {}))


# About how many minutes ago an open issue was reported that has come so far: young ones wait at the desk.
_OPEN_FOR: Final = {"report": 25.0, "accept": 60.0, "file": 180.0, "dispatch": 110.0, "acknowledge": 300.0,
                    "start": 2_600.0, "feed_back": 5_200.0, "verify": 6_500.0}  # fmt: skip
# A merge finds no target any more from these on.
_NO_TARGET: Final = frozenset({Verb.FEED_BACK, Verb.VERIFY, Verb.CLOSE, Verb.DECLINE})
