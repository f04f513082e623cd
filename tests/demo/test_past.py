"""What had ended before a demonstration opens is filled in behind it: whole, once, without a sound."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from assessment.dictionary import CONDITIONS
from assessment.figures import today as days
from assessment.situation.actions import Taken
from assessment.situation.making import situation_for
from assessment.situation.tables import lacking
from command.catalogue.contract import listed as catalogue
from command.people.models import Person
from command.people.queries import actor_of_person
from command.units.models import Centre
from demo.seed import demo
from demo.seed.demo import Demonstration, seed, telling, telling_past
from demo.seed.histories import Cast, Mix, Place, invent
from demo.seed.past import OVER, part
from demo.seed.stories import Step, Story, Verb, load
from demo.seed.telling import Teller
from dispatch.matter.aggregate.handling import handlers_of
from dispatch.matter.calls.models import Attempt, Call
from dispatch.matter.clocks.models import Due
from dispatch.matter.issues.models import Issue, Past
from dispatch.matter.issues.states import OPEN, State
from dispatch.matter.orders.models import Order
from dispatch.matter.texts.masking import Personal
from dispatch.reading.flow import flow_today
from dispatch.reading.pasts import past_being_filled_in
from dispatch.reading.unseen import unseen
from dispatch.reading.waiting import unanswered
from dispatch.verbs import report as intake
from door import past as door_past
from door.layout import layout_of
from realtime.feed import clock
from realtime.feed.contract import Command
from realtime.feed.past import recorded_as_past
from realtime.feed.queries import all_facts
from realtime.feed.shared_reads import SharedReads
from realtime.feed.verification import verify
from realtime.gateway.snapshot import read_snapshot
from realtime.hub.entry import NOBODY, audiences_of
from server.reconciliation import reconcile
from server.sources import ROW_SOURCES, SNAPSHOT_SOURCES
from tests.live.waiting import wait_for

PLAN: Final = "small"
LOOKING: Final = ("duty1", "lead", "chengguan", "town", "grid1", "leader")


def actor(username: str) -> Any:
    """Somebody who looks."""
    return actor_of_person(Person.objects.get(username=username).pk)


@dataclass(frozen=True)
class Glance:
    """All that people see of today: boards, figures, lists, marks, calls. Nothing in it moves by the clock alone."""

    boards: dict[str, list[tuple[str, UUID, int, bytes]]]
    figures: dict[str, list[str]]
    now: dict[str, int]
    sensitive: Any
    flow: list[tuple[str, str]]
    waiting: int
    unseen: dict[str, list[UUID]]
    calls: int
    attempts: int


def glance(centre_id: UUID) -> Glance:
    """Looks at everything."""
    leader = actor("leader")
    day = days.today(actor=leader)
    boards = {}
    for name in LOOKING:
        seen = read_snapshot(SNAPSHOT_SOURCES, actor(name).scope, centre_id)
        boards[name] = sorted((one.kind, one.id, one.version, one.card) for one in seen.objects)
    return Glance(
        boards,
        {code: [row.issue for row in rows if not row.running] for code, rows in day.rows.items()},
        {code: count for code, count in day.now.items() if CONDITIONS[code].light is None},
        day.sensitive,
        [(step.at, step.name) for step in flow_today(leader).steps],
        unanswered(actor=actor("duty1")).total,
        {name: [one.id for one in unseen(actor=actor(name)).issues] for name in LOOKING},
        Call.objects.count(),
        Attempt.objects.count(),
    )


@pytest.fixture
def in_this_database(monkeypatch: pytest.MonkeyPatch) -> str:
    """Processes that are spawned here work in the test's database; a day is counted anew whenever it is asked for."""
    where = connection.get_connection_params()
    url = f"postgresql://{where['user']}@/{where['dbname']}?host={where['host']}&port={where['port']}"
    monkeypatch.setenv("RELAY_DATABASE_URL", url)
    monkeypatch.setattr(days, "_DAYS", SharedReads())
    return url


@contextmanager
def telling_in_a_process() -> Iterator[subprocess.Popen[bytes]]:
    """The seed as `./relay up` runs it behind what is open."""
    line = [sys.executable, "-m", "django", "seed_demo", "--skip-checks", "--plan", PLAN]
    with subprocess.Popen(line, start_new_session=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def writers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes that a process has begun."""
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def a_new_report() -> Issue:
    """Somebody works here meanwhile."""
    told = Personal("小区门口路灯不亮已有三天。", None, None, None)
    new = intake.NewReport("centre_phone", "1906", told)
    key = str(uuid4())
    intake.report(new, cmd=Command(actor("duty1"), key, key.encode()))
    return Issue.objects.order_by("-number")[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_past_is_filled_in_behind_a_centre_that_works(in_this_database: str) -> None:
    centre_id = seed(PLAN, today_only=True).centre_id
    past = Past.objects.get()
    reserved = len(telling(PLAN, centre_id).stories)
    assert (past.filled_in, past.completed_at, past.first_number) == (0, None, 1)
    opened = Issue.objects.count()
    assert opened == reserved - past.issues
    before = glance(centre_id)
    assert before.boards["duty1"]

    with telling_in_a_process() as process:
        wait_for(lambda: Past.objects.get().filled_in >= 2, "two issues of the past", within_s=120)
        writers = writers_of(process)
        process.send_signal(signal.SIGKILL)
    wait_for(
        lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in writers),
        "the end of its writers",
        within_s=120,
    )

    killed = Past.objects.get()
    assert 2 <= killed.filled_in < killed.issues
    assert Issue.objects.count() == opened + killed.filled_in
    assert glance(centre_id) == before
    said = days.today(actor=actor("leader")).past
    assert said is not None
    assert (said.until, said.filled_in, said.issues) == (past.as_of - OVER, killed.filled_in, past.issues)
    status = door_past.as_status(in_this_database, layout_of())
    assert status is not None
    assert door_past.as_line(status).startswith(f"  past       {killed.filled_in} of {past.issues} issues, up to ")
    assert door_past.as_line(status).endswith("stopped: ./relay up goes on")
    report_of(
        centre_id, begins=said.until - timedelta(days=1), says=f"已补入 {killed.filled_in} 件，共 {past.issues} 件"
    )
    report_of(centre_id, begins=said.until, says=None)
    assert a_new_report().number == past.first_number + reserved

    before = glance(centre_id)
    with telling_in_a_process() as process:
        while process.poll() is None:
            assert glance(centre_id) == before
    assert process.returncode == 0
    assert glance(centre_id) == before
    assert a_new_report().number == past.first_number + reserved + 1
    past.refresh_from_db()
    assert (past.filled_in, past.completed_at is not None) == (past.issues, True)
    assert past_being_filled_in(centre_id) is None
    assert door_past.as_status(in_this_database, layout_of()) is None
    it_is_whole(centre_id, reserved)
    assert seed(PLAN).made == 0


def report_of(centre_id: UUID, *, begins: Any, says: str | None) -> None:
    """What a situation report says that it lacks."""
    leader = actor("leader")
    place = Centre.objects.get(pk=centre_id).code
    taken = Taken(uuid4(), centre_id, leader.principal, place, begins, clock.at(None), 1)
    told = lacking(situation_for(taken)[0])
    assert told is None if says is None else told is not None and "正在补入" in told and says in told


def it_is_whole(centre_id: UUID, reserved: int) -> None:
    """Each issue of the past is there, in the order of time, with a lawful history, and told as past."""
    issues = list(Issue.objects.filter(number__lte=reserved).order_by("number"))
    assert [issue.number for issue in issues] == list(range(1, reserved + 1))
    assert all(earlier.reported_at <= later.reported_at for earlier, later in pairwise(issues))
    told = telling_past(PLAN, centre_id)
    numbers = {told.teller.numbers[story.number] for group in told.groups for story in group}
    of_past = {issue.pk for issue in issues if issue.number in numbers}
    assert not [issue for issue in issues if issue.pk in of_past and issue.state in OPEN]
    assert any(issue.state == State.ARCHIVED for issue in issues if issue.pk in of_past)
    assert not Call.objects.filter(issue__in=of_past).exists()
    assert not Due.objects.filter(issue__in=of_past, fired_at=None).exists()
    assert Due.objects.filter(issue__in=of_past).exists()
    _, findings = verify(centre_id)
    assert findings == []
    centre = Centre.objects.get(pk=centre_id)
    assert list(reconcile(centre, ROW_SOURCES).differences) == []
    versions: Counter[UUID] = Counter()
    at: dict[UUID, Any] = {}
    for fact in all_facts(centre_id):
        versions[fact.object_id] += 1
        assert fact.version == versions[fact.object_id]
        assert fact.at >= at.setdefault(fact.object_id, fact.at)
        at[fact.object_id] = fact.at
        if fact.object_kind == "issue":
            assert (audiences_of(fact.audience)[1] == NOBODY) == (fact.object_id in of_past)


@pytest.mark.django_db(transaction=True)
def test_an_issue_of_the_past_that_is_refused_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(demo.DEMONSTRATIONS, "some", Demonstration(demo.PLAN, Mix(open=0, past=5), writers=0))
    centre_id = seed("some", today_only=True).centre_id
    told = telling_past("some", centre_id)
    last_step = told.groups[0][0].steps[-1]
    make = Teller.make

    def refused(teller: Teller, story: Story, step: Step) -> bool:
        if step is last_step:
            raise RuntimeError("refused")
        return make(teller, story, step)

    before = list(all_facts(centre_id))
    with monkeypatch.context() as patch:
        patch.setattr(Teller, "make", refused)
        with pytest.raises(RuntimeError, match="refused"):
            told.take(0)
    assert list(all_facts(centre_id)) == before
    assert connection.get_autocommit()
    assert clock.at(None) > told.past.as_of  # time is not shifted any more
    assert Past.objects.get().filled_in == 0
    assert telling_past("some", centre_id).take(0)
    assert not telling_past("some", centre_id).take(0)


@pytest.mark.django_db(transaction=True)
def test_a_guard_that_reads_the_feed_knows_what_the_past_has_just_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(demo.DEMONSTRATIONS, "some", Demonstration(demo.PLAN, Mix(open=0, past=12), writers=0))
    centre_id = seed("some", today_only=True).centre_id
    told = telling_past("some", centre_id)
    verified = next(
        place for place, group in enumerate(told.groups) if any(step.verb is Verb.VERIFY for step in group[0].steps)
    )
    make, handlers = Teller.make, []

    def looking(teller: Teller, story: Story, step: Step) -> bool:
        if step.verb is Verb.VERIFY:
            orders = list(Order.objects.filter(issue=teller.issue_id(story)))
            handlers.append(handlers_of(centre_id, orders))
        return make(teller, story, step)

    monkeypatch.setattr(Teller, "make", looking)
    assert told.take(verified)
    liaisons = [step.account for step in told.groups[verified][0].steps if step.verb is Verb.FEED_BACK]
    people = Person.objects.filter(username__in=liaisons)
    assert handlers == [{f"person:{person.pk}" for person in people}]
    orders = list(Order.objects.filter(issue__number=told.teller.numbers[told.groups[verified][0].number]))
    assert handlers == [handlers_of(centre_id, orders)]


@pytest.mark.django_db(transaction=True)
def test_a_past_is_recorded_in_a_transaction_of_its_own() -> None:
    with pytest.raises(ValueError, match="of its own"), recorded_as_past(uuid4()):
        pass
    assert not transaction.get_connection().in_atomic_block


def test_what_had_not_ended_long_ago_is_told_before_a_centre_opens() -> None:
    places = [Place(number, f"grid_{number}", "township_001") for number in range(40)]
    liaisons = {code: f"liaison_{code}" for code in ("police", "housing", "law_enforcement", "township_001")}
    own = load()
    stories = own + invent(list(catalogue().values()), Cast(places, liaisons), Mix(30, 300, first=len(own) + 1), seed=3)
    parted = part(stories, told=len(own))
    behind = {story.number for group in parted.past for story in group}
    assert {story.number for story in parted.today} | behind == {story.number for story in stories}
    assert not {story.number for story in own} & behind
    for group in parted.past:
        for story in group:
            assert story.steps[-1].ago >= OVER
            into = [step.said["into"] for step in story.steps if step.verb is Verb.MERGE]
            assert into in ([], [group[0].number])
            if story.reporter:  # nobody of the past waits for an answer today
                assert story.steps[-1].verb is Verb.REPLY
    by_rank = sorted(stories, key=lambda story: parted.ranks[story.number])
    assert all(earlier.steps[0].ago >= later.steps[0].ago for earlier, later in pairwise(by_rank))
