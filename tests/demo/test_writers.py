"""Stories told by two processes at once make the same history as by one."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID, uuid4

import pytest
from django.db import connection

from demo.seed import demo
from demo.seed.centre import build_centre
from demo.seed.stories import in_order
from demo.seed.writers import WriterFailed, tell_with
from realtime.feed import clock
from realtime.feed.queries import all_facts
from realtime.feed.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)

TELLING: Final = "demo.seed.demo.telling"


@pytest.fixture(autouse=True)
def in_this_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that are spawned here work in the test's database."""
    where = connection.get_connection_params()
    url = f"postgresql://{where['user']}@/{where['dbname']}?host={where['host']}&port={where['port']}"
    monkeypatch.setenv("RELAY_DATABASE_URL", url)


def test_every_step_is_made_once_and_each_story_in_its_order():
    with clock.shifted(-demo.FOUNDED_AGO):
        centre_id: UUID = build_centre(demo.PLAN).id
    told = demo.telling("township", centre_id)
    steps = in_order(tuple(told.stories))[:40]
    turns = demo._turns(told.stories, steps)
    assert sum(story >= 0 for story, _ in turns) == 40
    tell_with(2, TELLING, "township", centre_id, [turn for turn in turns if turn[0] >= 0])
    _, findings = verify(centre_id)
    assert findings == []
    times = defaultdict(list)
    for fact in all_facts(centre_id):
        times[fact.object_id].append((fact.version, fact.at))
    for own in times.values():
        assert [version for version, _ in own] == list(range(1, len(own) + 1))
        assert all(before[1] <= after[1] for before, after in pairwise(own))
    assert not [step for step in steps if told.teller.take(*step)]  # each of them was made


def test_a_writer_that_is_refused_ends_the_seed():
    with pytest.raises(WriterFailed):
        tell_with(1, TELLING, "township", uuid4(), [(0, 0)] * 20)


def test_the_timers_turns_lie_between_the_steps():
    stories = demo.load()
    turns = demo._turns(stories, in_order(stories))
    ago = [float(step) if story < 0 else stories[story].steps[step].ago / timedelta(minutes=1) for story, step in turns]
    assert ago == sorted(ago, reverse=True)
    assert sum(story < 0 for story, _ in turns) > 100
