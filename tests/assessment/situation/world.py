"""A centre of two townships whose issues have all sorts of pasts, lived by the real actions under shifted time."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from shapely import box

from assessment.situation import actions, making
from assessment.situation.actions import Asked, Taken
from assessment.situation.models import SituationReport
from assessment.situation.report import Situation
from demo.seed.centre import Plan, build_centre
from dispatch.matter.clock_law import fire_due
from dispatch.matter.issues.outcomes import Ground
from dispatch.matter.reports.positions import GivenPosition
from gis.grid.generation import Counts
from gis.grid.models import Cell
from realtime.feed import clock
from realtime.feed.clock import shifted
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import DOMESTIC_VIOLENCE, GAS_LEAK, MINUTE, NOISE, Desk

TWO_TOWNSHIPS = Counts(townships=2, communities=4, grids=8, micro_grids=16)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FOUNDED_AGO = 10 * DAY
PERIOD = 3 * DAY


@dataclass(frozen=True, slots=True)
class World:
    """The centre, and its townships' paths."""

    desk: Desk
    here: str  # the township of `town`, who has a desk there
    there: str

    @property
    def root(self) -> str:
        """The centre's own path."""
        return self.desk.built.root

    @property
    def centre_id(self) -> UUID:
        """The centre."""
        return self.desk.built.id

    def inside(self, path: str, number: int = 0) -> GivenPosition:
        """A point well inside a micro-grid of a township."""
        cells = Cell.objects.filter(centre_id=self.centre_id, tier="micro_grid", path__startswith=path + "/")
        point = cells.order_by("path")[number].polygon.point_on_surface
        return GivenPosition(point.x, point.y, "CGCS2000", None)

    def report_of(self, username: str, *, place: str | None = None, ago: timedelta = PERIOD) -> SituationReport:
        """A report that somebody asked for, and the worker made."""
        asked = Asked(clock.at(None) - ago, place=place)
        actions.ask(asked, cmd=self.desk.command(username))
        assert making.make_next() == 1
        return SituationReport.objects.order_by("-asked_at")[0]

    def counted(self, username: str = "leader", *, place: str | None = None, **more: Any) -> Situation:
        """The same as data, counted as the worker counts."""
        place = place or self.root
        now = clock.at(None)
        start, end = now - more.get("ago", PERIOD), now - more.get("until_ago", timedelta(0))
        by = self.desk.actor(username).principal
        taken = Taken(self.centre_id, self.centre_id, by, place, start, end, 1)
        return making.situation_for(taken)[0]


def make_world() -> World:
    """Ten days of it. Needs real transactions."""
    with shifted(-FOUNDED_AGO):
        plan = Plan("330199", "河湾区综治中心", box(120.3, 30.6, 120.4, 30.7), TWO_TOWNSHIPS)
        desk = Desk(build_centre(plan))
    (here,) = {pair.token.removeprefix("place:") for pair in desk.actor("town").scope.pairs if "/" in pair.token}
    paths = Cell.objects.filter(centre_id=desk.built.id, tier="township").values_list("path", flat=True)
    (there,) = set(paths) - {here}
    world = World(desk, here, there)
    for ago, live in _LIVES:
        with shifted(-ago):
            fire_due()
            live(world)
    fire_due()
    return world


def _closed_before(world: World) -> None:
    world.desk.closed(position=world.inside(world.here))


def _waits_since_before(world: World) -> None:
    world.desk.dispatched(position=world.inside(world.there, 3))


def _begins_before_and_ends_within(world: World) -> None:
    issue_id = world.desk.dispatched(position=world.inside(world.here, 1))
    with shifted(-2 * DAY):
        orders.acknowledge(world.desk.lead(issue_id), cmd=world.desk.command("chengguan"))
        world.desk.feeds_back(world.desk.lead(issue_id))


def _declined(world: World) -> None:
    issue_id = world.desk.reported(NOISE, position=world.inside(world.there))
    with shifted(-DAY + 20 * MINUTE):
        expected = world.desk.version(issue_id)
        ground = Ground.NOT_IN_JURISDICTION
        issues.decline(issue_id, ground, "不属本区", expected=expected, cmd=world.desk.command("duty1"))


def _acknowledged_after_half_an_hour(world: World) -> None:
    issue_id = world.desk.dispatched(position=world.inside(world.there, 1))
    with shifted(-DAY + 30 * MINUTE):
        orders.acknowledge(world.desk.lead(issue_id), cmd=world.desk.command("chengguan"))


_LIVES = [
    (8 * DAY, _closed_before),
    (5 * DAY, _waits_since_before),
    (4 * DAY, _begins_before_and_ends_within),
    (DAY, _declined),
    (DAY, _acknowledged_after_half_an_hour),
    (20 * HOUR, lambda world: world.desk.closed(NOISE, position=world.inside(world.here, 2))),
    (
        6 * HOUR,
        lambda world: world.desk.dispatched(DOMESTIC_VIOLENCE, lead="police", position=world.inside(world.there)),
    ),
    (5 * HOUR, lambda world: world.desk.reported(DOMESTIC_VIOLENCE, position=world.inside(world.here))),
    (90 * MINUTE, lambda world: world.desk.reported(position=world.inside(world.here, 2))),
    (50 * MINUTE, lambda world: world.desk.accepted(position=world.inside(world.there, 2))),
    (10 * MINUTE, lambda world: world.desk.reported(GAS_LEAK, position=world.inside(world.here, 3))),
    (5 * MINUTE, lambda world: world.desk.reported(NOISE)),
]
