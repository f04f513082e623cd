"""The demonstration is lawful, the same each time, and made once. Its stories: demo/seed/stories.toml."""

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection

from command.catalogue.contract import listed as catalogue
from command.people.models import Person, Post
from command.people.queries import units_with_liaison
from demo.seed import demo
from demo.seed.centre import ACCOUNTS, build_centre
from demo.seed.demo import PLAN, Demonstration, Seeded, cast_of, seed, telling
from demo.seed.histories import Cast, Mix, Place, invent
from demo.seed.stories import Verb, in_order, load
from dispatch.matter.clocks.models import Due
from dispatch.matter.issues.models import Issue, Past
from dispatch.matter.issues.states import OPEN, State
from dispatch.matter.orders.models import Order
from dispatch.matter.reports.models import Report
from realtime.feed import clock
from realtime.feed.queries import all_facts, head

STORIES = load()


@pytest.fixture
def seeded(db: None) -> Seeded:
    return seed()  # of one township: the county is the same data, and more of it


def test_each_text_has_a_keyword_of_its_item():
    for story in STORIES:
        assert any(word in story.text for word in catalogue()[story.item].keywords), (story.number, story.text)


def test_a_story_whose_steps_go_backwards_is_named(tmp_path: Path):
    bad = tmp_path / "stories.toml"
    bad.write_text(
        '[[story]]\nitem = "1906"\nchannel = "grid_report"\ntext = "x"\nwhere = 1\n'
        'steps = [[3, "report", "grid1"], [5, "accept", "duty1"]]\n'
    )
    with pytest.raises(ValueError, match=r"story 1: .*begins with its report"):
        load(bad)


def about_twenty_issues_are_open_in_every_open_state(seeded: Seeded) -> None:
    states = Counter(Issue.objects.filter(centre_id=seeded.centre_id).values_list("state", flat=True))
    assert sum(states[state] for state in OPEN) == 23
    assert all(states[state] for state in OPEN)
    assert states[State.CLOSED] == 2
    assert set(Report.objects.values_list("placing", flat=True)) == {"placed", "ambiguous", "unplaced", "no_position"}
    assert Issue.objects.filter(sensitive=True, state__in=sorted(OPEN)).exists()
    assert Issue.objects.filter(urgent=True, state=State.REPORTED).exists()


def every_account_can_be_used_and_every_order_answered(seeded: Seeded) -> None:
    answered_for = units_with_liaison(seeded.centre_id)
    assert set(Order.objects.values_list("unit_id", flat=True)) <= answered_for
    assert len(ACCOUNTS) == 13


def what_happened_happened_before_now_in_the_feeds_order(seeded: Seeded) -> None:
    facts = list(all_facts(seeded.centre_id))
    now = clock.at(None)
    assert [fact.seq for fact in facts] == list(range(1, len(facts) + 1))
    assert all(earlier.at <= later.at for earlier, later in pairwise(facts))
    assert facts[-1].at < now
    assert facts[0].at < now - timedelta(days=39)


def steps_happened_when_the_story_says(seeded: Seeded) -> None:
    story, step = next(pair for pair in in_order(STORIES) if pair[1].verb is Verb.VERIFY)
    report = Report.objects.get(source_number=f"演示-{story.number:02d}")
    facts = [fact for fact in all_facts(seeded.centre_id) if fact.object_id == report.issue_id]
    verified = next(fact for fact in facts if fact.name == "issue.verified")
    assert abs(clock.at(None) - step.ago - verified.at) < timedelta(minutes=1)


def no_fact_has_words_names_or_numbers_of_people(seeded: Seeded) -> None:
    told = b"".join(fact.bytes for fact in all_facts(seeded.centre_id)).decode()
    for story in STORIES:
        assert story.text not in told
        assert story.reporter is None or story.reporter not in told
        assert story.phone is None or story.phone not in told


LAWS = (
    about_twenty_issues_are_open_in_every_open_state,
    every_account_can_be_used_and_every_order_answered,
    what_happened_happened_before_now_in_the_feeds_order,
    steps_happened_when_the_story_says,
    no_fact_has_words_names_or_numbers_of_people,
)


def test_the_demonstration_is_lawful(seeded: Seeded, subtests: pytest.Subtests):
    for law in LAWS:  # one seeding for all: it lives a hundred steps
        with subtests.test(law.__name__):
            law(seeded)


def test_a_second_run_changes_nothing_even_when_keys_are_forgotten(seeded: Seeded):
    before = head(seeded.centre_id)
    again = seed()
    assert (again.founded, again.made) == (False, 0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM feed_command_key")  # thirty days later
    assert seed().made == 0
    assert head(seeded.centre_id) == before


def test_an_interrupted_seed_goes_on_where_it_stopped(db: None):
    with clock.shifted(-demo.FOUNDED_AGO):
        centre_id = build_centre(PLAN).id
    Post.objects.filter(person__username__startswith="grid_").delete()  # it stopped before everybody was entered
    Person.objects.filter(username__startswith="grid_").delete()
    told = telling("township", centre_id)
    for story, step in in_order(STORIES)[:37]:
        assert told.teller.take(story, step)
    rest = seed()
    assert (rest.founded, rest.kept) == (False, 37)
    assert Person.objects.filter(username__startswith="grid_").count() == PLAN.counts.grids - 1
    assert Issue.objects.filter(centre_id=centre_id).count() == len(STORIES)
    versions = Counter()
    for fact in all_facts(centre_id):
        versions[fact.object_id] += 1
        assert fact.version == versions[fact.object_id]


def test_a_writer_of_a_busy_machine_is_not_cut_off_as_the_application_is(db: None):
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout TO '2s'")  # what door/sql/roles.sql gives its role
        cursor.execute("SET lock_timeout TO '3s'")
        with clock.shifted(-demo.FOUNDED_AGO):
            centre_id = build_centre(PLAN).id
        telling("township", centre_id)
        for name in ("idle_in_transaction_session_timeout", "lock_timeout"):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == ("5min",)


@pytest.mark.django_db(transaction=True)
def test_invented_issues_live_as_the_law_says(monkeypatch: pytest.MonkeyPatch):
    mix = Mix(open=6, past=7)
    monkeypatch.setitem(demo.DEMONSTRATIONS, "some", Demonstration(PLAN, mix, writers=0))
    done = seed("some")
    states = Counter(Issue.objects.filter(centre_id=done.centre_id).values_list("state", flat=True))
    ended = sum(count for state, count in states.items() if state not in OPEN)  # some are archived by now
    assert ended == 3 + mix.past  # three of the told stories have ended
    assert sum(states.values()) - ended == 23 + mix.open
    assert not Due.objects.filter(fired_at=None, due_at__lt=clock.at(None) - timedelta(minutes=21)).exists()
    cast = cast_of(done.centre_id, Past.objects.get().as_of)
    again = invent(list(catalogue().values()), cast, Mix(6, 7, first=len(STORIES) + 1), seed=PLAN.seed)
    assert again == tuple(telling("some", done.centre_id).stories[len(STORIES) :])


@pytest.mark.parametrize("seed_number", range(5))
def test_an_invented_history_is_a_story(seed_number: int):
    places = [Place(number, f"grid_{number}", "township_001") for number in range(40)]
    liaisons = {code: f"liaison_{code}" for code in ("police", "housing", "law_enforcement", "township_001")}
    cast = Cast(places, liaisons)
    items = catalogue()
    for story in invent(list(items.values()), cast, Mix(30, 60, first=7), seed=seed_number):
        agos = [step.ago for step in story.steps]
        assert agos == sorted(set(agos), reverse=True)
        assert agos[-1] >= timedelta(minutes=4)
        assert agos[0] <= timedelta(days=60)
        assert any(word in story.text for word in items[story.item].keywords)
        acting = {step.account for step in story.steps if step.verb in (Verb.START, Verb.FEED_BACK)}
        assert acting <= set(liaisons.values())


@pytest.mark.django_db(transaction=True)
def test_only_the_simulators_role_may_seed_and_never_a_real_centre():
    where = connection.settings_dict
    url = f"postgresql://relay_app@/{where['NAME']}?host={where['HOST']}&port={where['PORT']}"

    def run(**changes: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "django", "seed_demo", "--skip-checks"],
            env=os.environ | {"RELAY_DATABASE_URL": url} | changes,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        return done.stderr

    assert "may not shift time" in run()
    assert "RELAY_MODE=real" in run(RELAY_MODE="real")
