"""A small centre whose people act: every account of the demonstration, and a loop that goes as far as a test needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
from shapely import box

from command.access import PersonActor, Role
from command.people.queries import actor_of_person
from demo.seed.centre import ACCOUNTS, Account, BuiltCentre, Plan, build_centre
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Closing, Ground, Outcome
from dispatch.matter.orders.models import Order, Result
from dispatch.matter.reports.positions import GivenPosition
from dispatch.matter.texts.masking import Personal
from dispatch.verbs import report as intake
from dispatch.verbs.report import NewReport
from gis.grid.generation import Counts
from gis.grid.models import Cell
from realtime.feed.contract import Answer, Command
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders

TINY = Counts(townships=1, communities=1, grids=2, micro_grids=4)
MORE_ACCOUNTS = (
    Account("chengguan2", "贺敏", Role.LIAISON, "law_enforcement"),
    Account("villager", "秦岭", Role.LIAISON, "community"),
    Account("both", "双岗", Role.DUTY_OFFICER, "duty_desk"),
)
PERSONAL = Personal("路灯不亮三天了,请打 13812341234 找王建国。", "和平路12号3幢", "王建国", "13812341234")
STREET_LIGHT, NOISE, DOMESTIC_VIOLENCE, GAS_LEAK = "1901", "1401", "0103", "1706"
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Desk:
    """One centre with its people: `desk.accept(issue)` is done by duty1 unless another acts. Answers are parsed."""

    built: BuiltCentre
    keys: Callable[[], str] = field(default_factory=lambda: lambda: str(uuid4()))
    remembered: dict[str, UUID] = field(default_factory=dict)  # what a story prepared besides its issue

    def actor(self, username: str) -> PersonActor:
        """The actor of an account."""
        return actor_of_person(self.built.people[username])

    def command(self, username: str, key: str | None = None, body: bytes = b"same") -> Command:
        """A command of an account, under a fresh key unless one is given."""
        return Command(self.actor(username), key or self.keys(), body)

    def unit(self, code: str) -> UUID:
        """A unit by its code."""
        return self.built.units[code]

    def unit_of(self, username: str) -> UUID:
        """The unit of somebody's first post."""
        return self.actor(username).posts[0].unit_id

    def reported(
        self, item: str = STREET_LIGHT, *, by: str = "duty1", position: GivenPosition | None = None, **more: Any
    ) -> UUID:
        """A new issue."""
        answer = intake.report(
            NewReport(channel="hotline_12345", item=item, personal=PERSONAL, position=position, **more),
            cmd=self.command(by),
        )
        return UUID(read(answer)["object"]["id"])

    def accepted(self, item: str = STREET_LIGHT, **more: Any) -> UUID:
        """An issue that duty1 has accepted."""
        issue_id = self.reported(item, **more)
        issues.accept(issue_id, cmd=self.command("duty1"))
        return issue_id

    def filed(self, item: str = STREET_LIGHT, **more: Any) -> UUID:
        """An issue that waits for dispatch."""
        issue_id = self.accepted(item, **more)
        issues.file(issue_id, expected=self.version(issue_id), cmd=self.command("duty1"))
        return issue_id

    def dispatched(
        self, item: str = STREET_LIGHT, *, lead: str = "law_enforcement", assists: Sequence[str] = (), **more: Any
    ) -> UUID:
        """An issue with a lead order and assist orders, all sent."""
        issue_id = self.filed(item, **more)
        issues.dispatch(
            issue_id,
            self.unit(lead),
            [self.unit(code) for code in assists],
            reason="按职责分工",
            expected=self.version(issue_id),
            cmd=self.command("duty1"),
        )
        return issue_id

    def fed_back(self, item: str = STREET_LIGHT, **more: Any) -> UUID:
        """An issue whose lead unit has acknowledged and answered."""
        issue_id = self.dispatched(item, **more)
        order_id = self.lead(issue_id)
        orders.acknowledge(order_id, cmd=self.command("chengguan"))
        self.feeds_back(order_id)
        return issue_id

    def verified(self, item: str = STREET_LIGHT, **more: Any) -> UUID:
        """An issue that the desk has verified."""
        issue_id = self.fed_back(item, **more)
        issues.verify(issue_id, expected=self.version(issue_id), cmd=self.command("duty1"))
        return issue_id

    def closed(self, item: str = STREET_LIGHT, **more: Any) -> UUID:
        """An issue at its end."""
        issue_id = self.verified(item, **more)
        closing = Closing(Outcome.RESOLVED, followed_up=True)
        issues.close(issue_id, closing, expected=self.version(issue_id), cmd=self.command("duty1"))
        return issue_id

    def declined(self, issue_id: UUID) -> None:
        """Refuses a reported issue."""
        expected = self.version(issue_id)
        issues.decline(issue_id, Ground.NOT_IN_JURISDICTION, "不属本区", expected=expected, cmd=self.command("duty1"))

    def closes(self, issue_id: UUID) -> None:
        """Takes a reported or accepted issue to its end."""
        version = self.version
        if Issue.objects.get(pk=issue_id).state == "reported":
            issues.accept(issue_id, cmd=self.command("duty1"))
        issues.file(issue_id, expected=version(issue_id), cmd=self.command("duty1"))
        lead = self.unit("law_enforcement")
        issues.dispatch(issue_id, lead, expected=version(issue_id), cmd=self.command("duty1"))
        orders.acknowledge(self.lead(issue_id), cmd=self.command("chengguan"))
        self.feeds_back(self.lead(issue_id))
        issues.verify(issue_id, expected=version(issue_id), cmd=self.command("duty1"))
        closing = Closing(Outcome.RESOLVED, followed_up=True)
        issues.close(issue_id, closing, expected=version(issue_id), cmd=self.command("duty1"))

    def feeds_back(self, order_id: UUID, *, by: str = "chengguan", text: str = "已更换灯泡。") -> Answer:
        """A unit's answer."""
        return orders.feed_back(
            order_id,
            Result.HANDLED,
            text,
            expected=Order.objects.get(pk=order_id).version,
            cmd=self.command(by),
        )

    def lead(self, issue_id: UUID) -> UUID:
        """The lead order."""
        return Order.objects.get(issue_id=issue_id, role="lead").pk

    def order_of(self, issue_id: UUID, unit: str) -> UUID:
        """The order of a unit."""
        return Order.objects.get(issue_id=issue_id, unit_id=self.unit(unit)).pk

    def version(self, issue_id: UUID) -> int:
        """The issue's version now."""
        return Issue.objects.get(pk=issue_id).version

    def inside(self, *, accuracy_m: float | None = None, other: bool = False) -> GivenPosition:
        """A position well inside one micro-grid, the first or the last."""
        cells = Cell.objects.filter(centre_id=self.built.id, tier="micro_grid")
        cell = cells.order_by("-path" if other else "path").first()
        assert cell is not None
        point = cell.polygon.point_on_surface
        return GivenPosition(point.x, point.y, "CGCS2000", accuracy_m)


def read(answer: Answer) -> dict[str, Any]:
    """A command's answer as JSON."""
    value: dict[str, Any] = orjson.loads(answer.body)
    return value


def make_desk() -> Desk:
    """A centre with every account of the demonstration, and some more."""
    built = build_centre(
        Plan("330199", "河湾区综治中心", box(120.3, 30.6, 120.4, 30.7), TINY, accounts=(*ACCOUNTS, *MORE_ACCOUNTS))
    )
    return Desk(built)


def make_other_desk() -> Desk:
    """A second centre in the same installation; its usernames begin with `o_`."""
    return Desk(build_centre(Plan("330198", "邻县综治中心", box(121.3, 30.6, 121.4, 30.7), TINY, prefix="o_")))
