"""Who is on duty now, as one statement says it: the same as the law says of the same roster, at any minute."""

import random
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from command.access import Role
from command.duty.law import Dated, Plan, Weekly, on_duty
from command.duty.models import DatedShift, OwnDay, Roster, WeeklyShift
from command.duty.queries import gaps_ahead, on_duty_now, plans, posts_on_duty, zone
from command.people.models import Person, Post
from command.units.departments import Stationing
from command.units.models import Unit
from demo.seed.centre import BuiltCentre
from realtime.feed import clock
from realtime.feed.clock import shifted
from realtime.feed.statements import ask

MINUTE = timedelta(minutes=1)


def unit_with_posts(built: BuiltCentre, posts: int, code: str = "many") -> tuple[Unit, list[UUID]]:
    """A unit with so many liaisons."""
    unit = Unit.objects.create(
        centre_id=built.id, code=code, name=code, short=code, kind="department", stationing="on_call"
    )
    at = clock.at(None) - timedelta(days=30)
    people = Person.objects.bulk_create(
        Person(centre_id=built.id, username=f"{code}{n}", name=f"某{n}") for n in range(posts)
    )
    made = Post.objects.bulk_create(
        Post(person=one, unit=unit, role=Role.LIAISON, active_from=at + n * MINUTE) for n, one in enumerate(people)
    )
    return unit, [one.pk for one in made]


def found_now(*units: UUID) -> dict[UUID, tuple[UUID, ...]]:
    """What the statement finds."""
    return posts_on_duty(ask([on_duty_now(units)])[0])


@pytest.mark.parametrize("seed", range(12))
def test_the_statement_says_what_the_law_says(built: BuiltCentre, seed: int) -> None:
    chance = random.Random(seed)
    unit, posts = unit_with_posts(built, 6)
    at, here = clock.at(None).replace(second=0, microsecond=0), zone()
    weekly = {
        post: Weekly(
            post,
            chance.randrange(7),
            chance.randrange(0, 1440, 30),
            chance.choice([30, 480, 720, 1440]),
            Stationing.ROTATING,
        )
        for post in posts
    }
    dated = [
        Dated(post, start, start + chance.choice([30, 300, 1440]) * MINUTE, chance.choice([None, Stationing.ON_CALL]))
        for post in posts
        for start in [at + chance.randrange(-2880, 10080, 30) * MINUTE]
    ]
    own = {at.astimezone(here).date() + timedelta(days=chance.randrange(-1, 7)) for _ in range(2)}
    for one in weekly.values():
        WeeklyShift.objects.create(
            unit=unit, post_id=one.post, weekday=one.weekday, from_min=one.from_min, minutes=one.minutes, kind=one.kind
        )
    for row in dated:
        DatedShift.objects.create(
            unit=unit, post_id=row.post, starts_at=row.starts_at, ends_at=row.ends_at, kind=row.kind
        )
    for day in own:
        OwnDay.objects.create(unit=unit, day=day)
    Person.objects.filter(posts=posts[0]).update(is_active=False)
    plan = Plan(tuple(weekly.values()), tuple(dated), frozenset(own), frozenset({posts[0]}))
    assert plans([unit.pk], at)[unit.pk].gone == {posts[0]}
    named = 0
    for _ in range(120):
        with shifted(chance.randrange(0, 9 * 1440 * 60) * timedelta(seconds=1)):
            before = clock.at(None)
            said = set(found_now(unit.pk).get(unit.pk, ()))
            after = clock.at(None)
        by_law = {frozenset(spell.post for spell in on_duty(plan, moment, here)) for moment in (before, after)}
        assert said in by_law, before
        named += len(said)
    assert named


def test_it_is_found_by_an_index_with_a_county_on_rosters(built: BuiltCentre) -> None:
    """One unit of 8,535 people, 24 hours each in turn, and 80 other units: nothing but who is on duty is read."""
    unit, posts = unit_with_posts(built, 8535)
    others = [unit_with_posts(built, 5, f"u{n}") for n in range(80)]
    WeeklyShift.objects.bulk_create(
        WeeklyShift(unit=of, post_id=post, weekday=n % 7, from_min=(n * 7) % 1440, minutes=30, kind="rotating")
        for of, members in [(unit, posts), *others]
        for n, post in enumerate(members)
    )
    Roster.objects.create(unit=unit)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE duty_weeklyshift; ANALYZE people_post; ANALYZE people_person; ANALYZE duty_datedshift")
        sql, values = on_duty_now([unit.pk])
        cursor.execute("EXPLAIN (ANALYZE, FORMAT TEXT) " + sql, values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using on_duty_by_week" in plan, plan
    assert "Removed by" not in plan, plan
    assert len(found_now(unit.pk)[unit.pk]) < 100
    assert len(gaps_ahead(built.id)) >= 80
