"""Fills the demonstration centre: founds it once, then lives its stories by the real actions under shifted time.

A step that was done keeps its idempotency key, so a seed that was interrupted goes on where it stopped, and a finished
one changes nothing. Between the steps the timer fires what fell due, at the time when it fell due. What had ended long
before is told last (`past.py`), when people may work here already.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q
from shapely import Polygon

from command.access import Role
from command.catalogue.contract import listed as catalogue
from command.people.models import Post
from command.units.departments import DUTY_DESK, TOWNSHIP
from command.units.models import Centre
from demo.seed.centre import Plan, build_centre, staff_centre
from demo.seed.histories import Cast, Mix, Place, invent
from demo.seed.past import OVER, Parted, PastStage, part
from demo.seed.quiet import silence_what_was_called_before
from demo.seed.stories import Step, Story, in_order, load
from demo.seed.telling import Point, Teller, key_of, source_number
from demo.seed.writers import tell_with
from dispatch.matter.clock_law import fire_due
from dispatch.matter.issues.models import Issue, Past
from dispatch.matter.reports.models import Report
from dispatch.verbs.pasts import begin
from gis.grid.county import COUNTY, outline
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed import clock

# A river bends through it; the shape has a bay, so that nothing may take the district for a rectangle.
_WEST_AND_SOUTH = ((120.330, 30.675), (120.345, 30.650), (120.310, 30.620), (120.360, 30.605))
_EAST = ((120.410, 30.630), (120.405, 30.660), (120.370, 30.685))
SMALL_EXTENT: Final = Polygon((*_WEST_AND_SOUTH, *_EAST))
COUNTY_EXTENT: Final = outline(120.37, 30.645, area_km2=1_300, seed=60)
CODE: Final = "330199"
NAME: Final = "河湾区综治中心"
FOUNDED_AGO: Final = timedelta(days=70)  # before the first story, with room for more
OUTSIDE_DEG: Final = 0.04  # so far east of the district's easternmost point is "outside": a few kilometres
# The timer's turns: often where screens still look, seldom before.
TIMER_EVERY: Final = ((2 * 1_440, 20), (70 * 1_440, 180))  # until so many minutes ago, every so many minutes


class NotBelieved(Exception):
    """This database session may not shift time: the seed runs as the simulator's role (RELAY_DATABASE_SIM_URL)."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What is shown: a centre, the told stories, and invented ones beside them. `writers` 0: in this process."""

    plan: Plan
    mix: Mix
    writers: int

    @property
    def outside(self) -> Point:
        """A point (lon, lat) beyond the district."""
        _, _, east, north = self.plan.extent.bounds
        return east + OUTSIDE_DEG, north


DEMONSTRATIONS: Final[Mapping[str, Demonstration]] = {
    "county": Demonstration(
        Plan(CODE, NAME, COUNTY_EXTENT, counts=COUNTY, whole=True), Mix(open=278, past=1_900), writers=2
    ),
    # What `bench county` multiplies.
    "sample": Demonstration(
        Plan(CODE, NAME, COUNTY_EXTENT, counts=COUNTY, whole=True), Mix(open=200, past=250), writers=2
    ),
    # A township with months behind it.
    "small": Demonstration(Plan(CODE, NAME, SMALL_EXTENT, whole=True), Mix(open=4, past=40), writers=2),
    "township": Demonstration(Plan(CODE, NAME, SMALL_EXTENT, whole=True), Mix(open=0, past=0), writers=0),
}
PLAN: Final = DEMONSTRATIONS["township"].plan


RINGS: Final = timedelta(minutes=5)  # what was called since then rings when the demonstration opens


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a run did: whether it founded the centre, how many steps and issues of the past it made, how many steps it
    found made (a finished seed is not counted again)."""

    centre_id: UUID
    founded: bool
    made: int
    kept: int


@dataclass(slots=True)
class Stage:
    """A demonstration's stories, those of them that are told before it opens, and who makes their steps."""

    teller: Teller
    stories: Sequence[Story]
    today: Sequence[Story]

    def take(self, story: int, step: int) -> bool:
        """Makes one step, or lets the timer fire as of `step` minutes ago; False when it was made before."""
        if story >= 0:
            return self.teller.take(self.stories[story], self.stories[story].steps[step])
        with clock.shifted(-timedelta(minutes=step)):
            fire_due()
        return False


def seed(name: str = "township", *, today_only: bool = False) -> Seeded:
    """Founds the centre unless it is there, makes every step of today's stories that is not made yet, then the past.

    today_only  the past is left to a later run: its numbers are reserved, and people can work
    Raises NotBelieved for a role that may not shift time, WriterFailed.
    """
    _must_be_believed()
    _take_time()
    shown = DEMONSTRATIONS[name]
    known = Centre.objects.filter(code=shown.plan.code).values_list("pk", flat=True).first()
    done = (
        Seeded(known, False, 0, 0) if known and _is_told(known, in_order(load())[-1][0]) else _today(shown, name, known)
    )
    if today_only:
        return done
    return replace(done, made=done.made + _past(shown, name, done.centre_id))


def _today(shown: Demonstration, name: str, known: UUID | None) -> Seeded:
    """Founds, and tells what a screen shows that opens now."""
    with clock.shifted(-FOUNDED_AGO):
        centre_id = known or build_centre(shown.plan).id
        staff_centre(centre_id, shown.plan)
    if shown.mix.past:
        _begin_past(shown, centre_id)
    told = telling(name, centre_id)
    steps = in_order(tuple(told.today))
    done = _keys_known()
    missing = [pair for pair in steps if key_of(*pair) not in done]
    turns = _turns(told.stories, missing)
    if shown.writers:
        tell_with(shown.writers, f"{__name__}.telling", name, centre_id, turns)
    else:
        for turn in turns:
            told.take(*turn)
    silence_what_was_called_before(centre_id, clock.at(None) - RINGS)
    return Seeded(centre_id, not known, len(missing), len(steps) - len(missing))


def _begin_past(shown: Demonstration, centre_id: UUID) -> None:
    """Reserves the numbers of all stories, before the first of them is reported."""
    as_of = clock.at(None)
    parted = part(_stories(shown, centre_id, as_of), told=len(load()))
    if parted.past:
        numbers = len(parted.ranks)
        begin(centre_id, numbers=numbers, issues=parted.past_issues, as_of=as_of, until=as_of - OVER)


def _past(shown: Demonstration, name: str, centre_id: UUID) -> int:
    """Tells what of the past is missing, the longest ago first. How many issues, with those merged into them."""
    if not Past.objects.filter(pk=centre_id, completed_at=None).exists():
        return 0
    told = telling_past(name, centre_id)
    turns = [(place, 0) for place in told.missing()]
    if shown.writers:
        tell_with(shown.writers, f"{__name__}.telling_past", name, centre_id, turns)
    else:
        for turn in turns:
            told.take(*turn)
    return len(turns)


def telling(name: str, centre_id: UUID) -> Stage:
    """A demonstration's stories: those of `stories.toml`, then the invented ones. For each process its own."""
    _take_time()
    past, parted = _parted(name, centre_id)
    return Stage(_teller(name, centre_id, past, parted), parted.all, parted.today)


def telling_past(name: str, centre_id: UUID) -> PastStage:
    """What is told behind it. For each process its own. Raises Past.DoesNotExist for a centre without a past."""
    _take_time()
    past, parted = _parted(name, centre_id)
    if past is None:
        raise Past.DoesNotExist
    return PastStage(_teller(name, centre_id, past, parted), past, parted.past)


def _parted(name: str, centre_id: UUID) -> tuple[Past | None, Parted]:
    past = Past.objects.filter(pk=centre_id).first()
    stories = _stories(DEMONSTRATIONS[name], centre_id, past.as_of if past else clock.at(None))
    return past, part(stories, told=len(load()))


def _teller(name: str, centre_id: UUID, past: Past | None, parted: Parted) -> Teller:
    shown = DEMONSTRATIONS[name]
    first = past.first_number - 1 if past else 0
    numbers = {story: first + rank for story, rank in parted.ranks.items()} if past else {}
    return Teller(centre_id, shown.plan.prefix, shown.outside, numbers)


def _stories(shown: Demonstration, centre_id: UUID, as_of: datetime) -> tuple[Story, ...]:
    """All of a demonstration's stories, the same whenever they are asked for as of one instant."""
    stories = load()
    mix = replace(shown.mix, first=len(stories) + 1)
    if mix.open or mix.past:
        stories += invent(list(catalogue().values()), cast_of(centre_id, as_of), mix, seed=shown.plan.seed)
    return stories


def cast_of(centre_id: UUID, as_of: datetime) -> Cast:
    """Who acted in a centre at an instant: the liaison or desk of each unit, the member of each micro-grid's grid."""
    held = Q(active_until=None) | Q(active_until__gt=as_of)
    posts = Post.objects.filter(held, unit__centre_id=centre_id, active_from__lte=as_of)
    columns = ("role", "unit__code", "cell__path", "person__username")
    rows = list(posts.order_by("-active_from", "-pk").values_list(*columns))
    liaisons = {unit: who for role, unit, _, who in rows if role in (Role.LIAISON, Role.TOWNSHIP_DESK)}
    desks = {path: unit for role, unit, path, _ in rows if role == Role.TOWNSHIP_DESK and unit.startswith(TOWNSHIP)}
    members = {path: who for role, _, path, who in rows if role == Role.GRID_MEMBER}
    valid = Q(valid_until=None) | Q(valid_until__gt=as_of)
    cells = Cell.objects.filter(valid, centre_id=centre_id, tier=Tier.MICRO_GRID).order_by("path")
    places = []
    for number, path in enumerate(cells.values_list("path", flat=True)):
        steps = path.split("/")
        grid, township = "/".join(steps[:-1]), "/".join(steps[:2])
        if grid in members and township in desks:
            places.append(Place(number, members[grid], desks[township]))
    liaisons.pop(DUTY_DESK, None)
    return Cast(places, liaisons)


def _turns(stories: Sequence[Story], missing: Sequence[tuple[Story, Step]]) -> list[tuple[int, int]]:
    """Where each missing step stands, with the timer's turns between, the longest ago first."""
    if not missing:
        return []
    place = {story.number: index for index, story in enumerate(stories)}
    timed = [(step.ago.total_seconds() / 60, (place[story.number], story.steps.index(step))) for story, step in missing]
    oldest, begin = timed[0][0], 0
    for until, every in TIMER_EVERY:
        timed += [(float(ago), (-1, ago)) for ago in range(begin or every, until, every) if ago < oldest]
        begin = until
    return [turn for _, turn in sorted(timed, key=lambda pair: (-pair[0], pair[1]))]


def _take_time() -> None:
    """Lets this session hold and wait for longer than the application's roles may: a busy machine ends no seed."""
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout TO '5min'")
        cursor.execute("SET lock_timeout TO '5min'")  # for what another writer may now hold as long
        cursor.execute("SET synchronous_commit TO off")  # what a crash would lose is made again by the same keys


def _must_be_believed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(session_user, 'relay_simulator', 'MEMBER')")
        if not cursor.fetchone()[0]:
            raise NotBelieved


def _is_told(centre_id: UUID, last: Story) -> bool:
    """Whether the last step, a report, was made: since then people work here, and keys may have been forgotten."""
    return Report.objects.filter(centre_id=centre_id, source_number=source_number(last.number)).exists()


def _keys_known() -> frozenset[str]:
    """The keys of the steps that were made. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM feed_command_key WHERE starts_with(key, 'seed:') AND answer IS NOT NULL")
        return frozenset(key for (key,) in cursor.fetchall())


def told_states(centre_id: UUID) -> str:
    """The states that issues of the centre are in, counted, for the operator's eye."""
    counted: dict[str, int] = {}
    for state in Issue.objects.filter(centre_id=centre_id).values_list("state", flat=True):
        counted[state] = counted.get(state, 0) + 1
    return json.dumps(counted, ensure_ascii=False, sort_keys=True)
