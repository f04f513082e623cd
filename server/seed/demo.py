"""Fills the demonstration centre: founds it once, then lives its stories by the real actions under shifted time.

A step that was done keeps its idempotency key, so a seed that was interrupted goes on where it stopped, and a finished
one changes nothing.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from shapely import Polygon

from command.organisations.models import Centre
from command.people.models import Person
from command.people.queries import actor_of_person
from dispatch.intake import actions as intake
from dispatch.intake.models import Report
from dispatch.intake.positions import GivenPosition
from dispatch.issues import actions as issues
from dispatch.issues.masking import Personal
from dispatch.issues.models import Issue
from dispatch.issues.outcomes import Closing, Ground, Outcome
from dispatch.orders import actions as orders
from dispatch.orders.models import Order, Result
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed import clock
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Replayed
from server.seed.centre import Plan, build_centre
from server.seed.stories import Step, Story, Verb, in_order, load

# A river bends through it; the shape has a bay, so that nothing may take the district for a rectangle.
_WEST_AND_SOUTH = ((120.330, 30.675), (120.345, 30.650), (120.310, 30.620), (120.360, 30.605))
_EAST = ((120.410, 30.630), (120.405, 30.660), (120.370, 30.685))
EXTENT: Final = Polygon((*_WEST_AND_SOUTH, *_EAST))
PLAN: Final = Plan("330199", "河湾区综治中心", EXTENT)
FOUNDED_AGO: Final = timedelta(days=40)  # before the first story, with room for more
OUTSIDE: Final = (120.450, 30.700)  # a few kilometres beyond the district


class NotBelieved(Exception):
    """This database session may not shift time: the seed runs as the simulator's role (RELAY_DATABASE_SIM_URL)."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a run did: whether it founded the centre, how many steps it made and how many were there already."""

    centre_id: UUID
    founded: bool
    made: int
    kept: int


def seed() -> Seeded:
    """Founds the centre unless it is there, and makes every step of every story that is not made yet.

    Raises NotBelieved for a role that may not shift time.
    """
    _must_be_believed()
    centre_id, founded = _centre()
    steps = in_order(load())
    if _is_told(centre_id, steps[-1][0]):
        return Seeded(centre_id, founded, 0, len(steps))
    made = 0
    for story, step in steps:
        with clock.shifted(-step.ago):
            made += _take(centre_id, story, step)
    return Seeded(centre_id, founded, made, len(steps) - made)


def _must_be_believed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(session_user, 'relay_simulator', 'MEMBER')")
        if not cursor.fetchone()[0]:
            raise NotBelieved


def _centre() -> tuple[UUID, bool]:
    known = Centre.objects.filter(code=PLAN.code).values_list("pk", flat=True).first()
    if known:
        return known, False
    with clock.shifted(-FOUNDED_AGO):
        return build_centre(PLAN).id, True


def _is_told(centre_id: UUID, last: Story) -> bool:
    """Whether the last step, a report, was made: since then people work here, and keys may have been forgotten."""
    return Report.objects.filter(centre_id=centre_id, source_number=_source_number(last)).exists()


def _source_number(story: Story) -> str:
    return f"演示-{story.number:02d}"


def _take(centre_id: UUID, story: Story, step: Step) -> bool:
    """Makes one step; False when it was made before."""
    person_id = Person.objects.values_list("pk", flat=True).get(username=PLAN.prefix + step.account)
    key = f"seed:{story.number}:{step.ago.total_seconds():.0f}:{step.verb}"
    cmd = Command(actor_of_person(person_id), key, hashlib.sha256(key.encode()).digest())
    try:
        _STEPS[step.verb](_Scene(centre_id, story, step.said, cmd))
    except (Replayed, intake.AlreadyReported):
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Scene:
    """One step about to be made."""

    centre_id: UUID
    story: Story
    said: Mapping[str, Any]
    cmd: Command

    def issue(self) -> Issue:
        """The story's issue as it stands."""
        number = _source_number(self.story)
        return Issue.objects.get(pk=Report.objects.get(centre_id=self.centre_id, source_number=number).issue_id)

    def order(self) -> Order:
        """The order of the story's issue that is for a unit of the person who acts."""
        actor = actor_of_person(UUID(self.cmd.actor.principal.removeprefix("person:")))
        return Order.objects.get(issue=self.issue(), unit_id__in=[post.unit_id for post in actor.posts])

    def unit(self, code: str) -> UUID:
        """A unit of the centre by its code."""
        return Centre.objects.get(pk=self.centre_id).units.values_list("pk", flat=True).get(code=code)


def _report(scene: _Scene) -> Answer:
    story = scene.story
    telling = intake.Telling(
        channel=story.channel,
        item=story.item,
        personal=Personal(story.text, None, story.reporter, story.phone),
        source_number=_source_number(story),
        position=_position(scene),
    )
    return intake.report(telling, cmd=scene.cmd)


def _position(scene: _Scene) -> GivenPosition | None:
    where, accuracy_m = scene.story.where, scene.story.accuracy_m
    if where == "none":
        return None
    if where == "outside":
        return GivenPosition(*OUTSIDE, "CGCS2000", accuracy_m)
    cells = Cell.objects.filter(centre_id=scene.centre_id, tier=Tier.MICRO_GRID).order_by("path")
    point = cells[int(where)].polygon.point_on_surface
    return GivenPosition(point.x, point.y, "CGCS2000", accuracy_m)


def _accept(scene: _Scene) -> Answer:
    return issues.accept(scene.issue().pk, cmd=scene.cmd)


def _decline(scene: _Scene) -> Answer:
    issue = scene.issue()
    ground, text = Ground(scene.said["ground"]), scene.said["text"]
    return issues.decline(issue.pk, ground, text, expected=issue.version, cmd=scene.cmd)


def _file(scene: _Scene) -> Answer:
    issue = scene.issue()
    return issues.file(issue.pk, expected=issue.version, cmd=scene.cmd)


def _dispatch(scene: _Scene) -> Answer:
    issue = scene.issue()
    lead = scene.unit(scene.said["unit"])
    assists = [scene.unit(code) for code in scene.said.get("assists", ())]
    return issues.dispatch(issue.pk, lead, assists, expected=issue.version, cmd=scene.cmd)


def _acknowledge(scene: _Scene) -> Answer:
    return orders.acknowledge(scene.order().pk, cmd=scene.cmd)


def _start(scene: _Scene) -> Answer:
    order = scene.order()
    return orders.start(order.pk, expected=order.version, cmd=scene.cmd)


def _feed_back(scene: _Scene) -> Answer:
    order = scene.order()
    result = Result(scene.said["result"])
    return orders.feed_back(order.pk, result, scene.said["text"], expected=order.version, cmd=scene.cmd)


def _verify(scene: _Scene) -> Answer:
    issue = scene.issue()
    return issues.verify(issue.pk, expected=issue.version, cmd=scene.cmd)


def _rework(scene: _Scene) -> Answer:
    issue = scene.issue()
    lead = Order.objects.get(issue=issue, role="lead")
    return issues.rework(issue.pk, [lead.pk], scene.said["reason"], expected=issue.version, cmd=scene.cmd)


def _close(scene: _Scene) -> Answer:
    issue = scene.issue()
    said = scene.said
    closing = Closing(Outcome(said["outcome"]), said["followed_up"], waive_reason=said.get("waive_reason"))
    return issues.close(issue.pk, closing, expected=issue.version, cmd=scene.cmd)


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
}


def told_states(centre_id: UUID) -> str:
    """The states that issues of the centre are in, counted, for the operator's eye."""
    counted: dict[str, int] = {}
    for state in Issue.objects.filter(centre_id=centre_id).values_list("state", flat=True):
        counted[state] = counted.get(state, 0) + 1
    return json.dumps(counted, ensure_ascii=False, sort_keys=True)
