"""Makes the steps of stories by the real actions: who acts, on what, under which key. One `Teller` a process."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.gis.db.models.functions import PointOnSurface

from command.access import PersonActor
from command.organisations.queries import units
from command.people.models import Person
from command.people.queries import actor_of_person
from command.units.departments import TOWNSHIP
from demo.seed.stories import Step, Story, Verb
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Ground, Outcome
from dispatch.matter.orders.models import Order, Result
from dispatch.matter.replies.models import Channel
from dispatch.matter.reports.models import Report
from dispatch.matter.reports.positions import GivenPosition
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from dispatch.matter.texts.masking import Personal
from dispatch.verbs import report as intake
from dispatch.verbs.accept import ACCEPT
from dispatch.verbs.acknowledge import ACKNOWLEDGE
from dispatch.verbs.close import CLOSE, CloseIn
from dispatch.verbs.compel import COMPEL, CompelIn
from dispatch.verbs.decline import DECLINE, DeclineIn
from dispatch.verbs.dispatch import DISPATCH, DispatchIn
from dispatch.verbs.feed_back import FEED_BACK, FeedBackIn
from dispatch.verbs.file import FILE
from dispatch.verbs.grant import GRANT, GrantIn
from dispatch.verbs.merge import merge
from dispatch.verbs.redispatch import REDISPATCH, RedispatchIn
from dispatch.verbs.replies import NewReply, reply
from dispatch.verbs.request_return import REQUEST_RETURN, RequestReturnIn
from dispatch.verbs.requests import ReasonIn
from dispatch.verbs.resume import RESUME
from dispatch.verbs.rework import REWORK, ReworkIn
from dispatch.verbs.running import run_issue, run_order, run_request
from dispatch.verbs.settle_on_spot import SETTLE_ON_SPOT, SettleIn
from dispatch.verbs.start import START
from dispatch.verbs.suspend import SUSPEND, SuspendIn
from dispatch.verbs.verify import VERIFY
from dispatch.verbs.withdraw import WITHDRAW, WithdrawIn
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed import clock
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Replayed, StaleVersion

Point = tuple[float, float]
LOOKS: Final = 5


def source_number(number: int) -> str:
    """The number under which the report of a story came in."""
    return f"演示-{number:02d}"


def key_of(story: Story, step: Step) -> str:
    """The step's idempotency key: a step that was made is known by it."""
    return f"seed:{story.number}:{step.ago.total_seconds():.0f}:{step.verb}:{step.account}"


@dataclass(slots=True)
class Teller:
    """What stays the same while a centre's stories are told is looked up once.

    outside   a point (lon, lat) beyond the district, for the story that happens there
    numbers   the issues' numbers by story, where they were reserved
    """

    centre_id: UUID
    prefix: str
    outside: Point
    numbers: Mapping[int, int] = field(default_factory=dict)
    _units: dict[str, UUID] = field(default_factory=dict)
    _points: list[Point] = field(default_factory=list)
    _actors: dict[str, PersonActor] = field(default_factory=dict)
    _issues: dict[int, UUID] = field(default_factory=dict)

    def take(self, story: Story, step: Step) -> bool:
        """Makes one step at its time; False when it was made before."""
        with clock.shifted(-step.ago):
            return self.make(story, step)

    def make(self, story: Story, step: Step) -> bool:
        """Makes one step now; False when it was made before."""
        key = key_of(story, step)
        cmd = Command(self._actor(step.account), key, hashlib.sha256(key.encode()).digest())
        for _ in range(LOOKS):
            try:
                _STEPS[step.verb](_Scene(self, story, step, cmd))
            except StaleVersion:  # the timer, in another process, fired a clock of it: look again, as a person does
                continue
            except (Replayed, intake.AlreadyReported):
                return False
            return True
        raise RuntimeError(f"{key}: the issue changed {LOOKS} times while it was looked at")

    def issue_id(self, story: Story) -> UUID:
        """The story's issue. Raises Report.DoesNotExist before its report."""
        return self.issue_id_of(story.number)

    def issue_id_of(self, number: int) -> UUID:
        """The issue of the story of that number. Raises Report.DoesNotExist before its report."""
        if number not in self._issues:
            report = Report.objects.get(centre_id=self.centre_id, source_number=source_number(number))
            self._issues[number] = report.issue_id
        return self._issues[number]

    def report_id(self, story: Story) -> UUID:
        """The story's report. Raises Report.DoesNotExist before it."""
        rows = Report.objects.only("id")
        return rows.get(centre_id=self.centre_id, source_number=source_number(story.number)).pk

    def unit(self, code: str) -> UUID:
        """A unit by its code; `township` is the first one. Raises KeyError."""
        if not self._units:
            self._units = {unit.code: unit.id for unit in units(self.centre_id)}
            first = min(known for known in self._units if known.startswith(TOWNSHIP))
            self._units.setdefault(TOWNSHIP, self._units[first])
        return self._units[code]

    def point(self, number: int) -> Point:
        """A point inside the micro-grid of that number, by path."""
        if not self._points:
            cells = Cell.objects.filter(centre_id=self.centre_id, tier=Tier.MICRO_GRID, valid_until=None)
            inside = cells.order_by("path").values_list(PointOnSurface("polygon"), flat=True)
            self._points = [(point.x, point.y) for point in inside]
        return self._points[number]

    def _actor(self, account: str) -> PersonActor:
        if account not in self._actors:
            found = Person.objects.values_list("pk", flat=True).get(username=self.prefix + account)
            self._actors[account] = actor_of_person(found)
        return self._actors[account]


@dataclass(frozen=True, slots=True)
class _Scene:
    """One step about to be made."""

    teller: Teller
    story: Story
    step: Step
    cmd: Command

    @property
    def said(self) -> Mapping[str, Any]:
        """What the step says besides."""
        return self.step.said

    def issue(self) -> tuple[UUID, int]:
        """The story's issue and its version as it stands."""
        issue_id = self.teller.issue_id(self.story)
        return issue_id, Issue.objects.values_list("version", flat=True).get(pk=issue_id)

    def order(self) -> tuple[UUID, int]:
        """The newest order of the story's issue for a unit of the person who acts, and its version."""
        assert isinstance(self.cmd.actor, PersonActor)
        own = [post.unit_id for post in self.cmd.actor.posts]
        rows = Order.objects.filter(issue_id=self.teller.issue_id(self.story), unit_id__in=own).order_by("-sent_at")
        return rows.values_list("pk", "version")[0]

    def request(self) -> tuple[UUID, int]:
        """The newest return request of the story's issue, and its version."""
        rows = ReturnRequest.objects.filter(issue_id=self.teller.issue_id(self.story)).order_by("-asked_at")
        return rows.values_list("pk", "version")[0]


def _report(scene: _Scene) -> Answer:
    story = scene.story
    telling = intake.NewReport(
        channel=story.channel,
        item=story.item,
        personal=Personal(story.text, None, story.reporter, story.phone),
        source_number=source_number(story.number),
        position=_position(scene),
        number=scene.teller.numbers.get(story.number),
    )
    return intake.report(telling, cmd=scene.cmd)


def _position(scene: _Scene) -> GivenPosition | None:
    where, accuracy_m = scene.story.where, scene.story.accuracy_m
    if where == "none":
        return None
    lon, lat = scene.teller.outside if where == "outside" else scene.teller.point(int(where))
    return GivenPosition(lon, lat, "CGCS2000", accuracy_m)


def _accept(scene: _Scene) -> Answer:
    return run_issue(ACCEPT, scene.teller.issue_id(scene.story), cmd=scene.cmd)


def _decline(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    asked = DeclineIn(ground=Ground(scene.said["ground"]), text=scene.said["text"])
    return run_issue(DECLINE, issue_id, asked, expected=version, cmd=scene.cmd)


def _file(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    return run_issue(FILE, issue_id, expected=version, cmd=scene.cmd)


def _dispatch(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    lead = scene.teller.unit(scene.said["unit"])
    assists = [scene.teller.unit(code) for code in scene.said.get("assists", ())]
    asked = DispatchIn(unit=lead, assists=assists, reason=scene.said.get("reason"))
    return run_issue(DISPATCH, issue_id, asked, expected=version, cmd=scene.cmd)


def _acknowledge(scene: _Scene) -> Answer:
    order_id, _ = scene.order()
    return run_order(ACKNOWLEDGE, order_id, cmd=scene.cmd)


def _start(scene: _Scene) -> Answer:
    order_id, version = scene.order()
    return run_order(START, order_id, expected=version, cmd=scene.cmd)


def _feed_back(scene: _Scene) -> Answer:
    order_id, version = scene.order()
    asked = FeedBackIn(result=Result(scene.said["result"]), text=scene.said["text"])
    return run_order(FEED_BACK, order_id, asked, expected=version, cmd=scene.cmd)


def _verify(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    return run_issue(VERIFY, issue_id, expected=version, cmd=scene.cmd)


def _rework(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    lead = Order.objects.filter(issue_id=issue_id, role="lead").order_by("-sent_at").values_list("pk", flat=True)[0]
    asked = ReworkIn(orders=[lead], reason=scene.said["reason"])
    return run_issue(REWORK, issue_id, asked, expected=version, cmd=scene.cmd)


def _close(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    said = scene.said
    at = clock.at(None)
    asked = CloseIn(
        outcome=Outcome(said["outcome"]),
        followed_up=said["followed_up"],
        reason=said.get("reason"),
        told_at=at - timedelta(minutes=said["told"]) if "told" in said else None,
        next_on=_today(at, days=said["next_in"]) if "next_in" in said else None,
        waive_reason=said.get("waive_reason"),
    )
    return run_issue(CLOSE, issue_id, asked, expected=version, cmd=scene.cmd)


def _settle_on_spot(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    asked = SettleIn(text=scene.said["text"], consent=True)
    return run_issue(SETTLE_ON_SPOT, issue_id, asked, expected=version, cmd=scene.cmd)


def _merge(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    into = scene.teller.issue_id_of(scene.said["into"])
    return merge(issue_id, into, None, expected=version, cmd=scene.cmd)


def _suspend(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    until = clock.at(None) + timedelta(days=scene.said["days"])
    asked = SuspendIn(until=until, reason=scene.said["reason"])
    return run_issue(SUSPEND, issue_id, asked, expected=version, cmd=scene.cmd)


def _resume(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    asked = ReasonIn(reason=scene.said["reason"])
    return run_issue(RESUME, issue_id, asked, expected=version, cmd=scene.cmd)


def _request_return(scene: _Scene) -> Answer:
    order_id, version = scene.order()
    said = scene.said
    asked = RequestReturnIn(ground=ReturnGround(said["ground"]), text=said["text"])
    return run_order(REQUEST_RETURN, order_id, asked, expected=version, cmd=scene.cmd)


def _grant_return(scene: _Scene) -> Answer:
    request_id, version = scene.request()
    asked = GrantIn(reason=scene.said.get("reason"))
    return run_request(GRANT, request_id, asked, expected=version, cmd=scene.cmd)


def _compel(scene: _Scene) -> Answer:
    request_id, version = scene.request()
    asked = CompelIn(reason=scene.said["reason"])
    return run_request(COMPEL, request_id, asked, expected=version, cmd=scene.cmd)


def _redispatch(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    unit = scene.teller.unit(scene.said["unit"])
    asked = RedispatchIn(unit=unit, reason=scene.said.get("reason"))
    return run_issue(REDISPATCH, issue_id, asked, expected=version, cmd=scene.cmd)


def _withdraw(scene: _Scene) -> Answer:
    issue_id, version = scene.issue()
    asked = WithdrawIn(reason=scene.said["reason"])
    return run_issue(WITHDRAW, issue_id, asked, expected=version, cmd=scene.cmd)


def _reply(scene: _Scene) -> Answer:
    told = NewReply(Channel.TELEPHONE, scene.said["text"])
    return reply(scene.teller.report_id(scene.story), told, cmd=scene.cmd)


def _today(at: datetime, *, days: int) -> date:
    return (at + timedelta(days=days)).astimezone(ZoneInfo(settings.TIME_ZONE)).date()


_STEPS: Final[Mapping[Verb, Callable[[_Scene], Answer]]] = {
    Verb.REPORT: _report,
    Verb.ACCEPT: _accept,
    Verb.DECLINE: _decline,
    Verb.FILE: _file,
    Verb.DISPATCH: _dispatch,
    Verb.ACKNOWLEDGE: _acknowledge,
    Verb.START: _start,
    Verb.FEED_BACK: _feed_back,
    Verb.VERIFY: _verify,
    Verb.REWORK: _rework,
    Verb.CLOSE: _close,
    Verb.SETTLE_ON_SPOT: _settle_on_spot,
    Verb.MERGE: _merge,
    Verb.SUSPEND: _suspend,
    Verb.RESUME: _resume,
    Verb.REQUEST_RETURN: _request_return,
    Verb.GRANT_RETURN: _grant_return,
    Verb.COMPEL: _compel,
    Verb.REDISPATCH: _redispatch,
    Verb.WITHDRAW: _withdraw,
    Verb.REPLY: _reply,
}
