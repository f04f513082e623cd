"""Who is on duty now, with many people on one unit's roster: times of the product's own question.

Runs as `python -m bench.rosters PEOPLE TIMES` in the environment of a seeded database. Prints, as JSON, the times in ms
and how many were on duty. The roster stays: whoever asks has a database of their own.
"""

import json
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402  # what follows imports models, which need Django's set-up

from command.access import Role  # noqa: E402
from command.duty.models import Roster, WeeklyShift  # noqa: E402
from command.duty.queries import on_duty_now, posts_on_duty  # noqa: E402
from command.people.models import Person, Post  # noqa: E402
from command.units.models import Centre, Unit  # noqa: E402
from realtime.feed import clock  # noqa: E402
from realtime.feed.statements import ask  # noqa: E402


def with_a_roster(people: int) -> Unit:
    """A unit of so many liaisons, each on duty half an hour a week, spread over it."""
    centre = Centre.objects.get()
    unit = Unit.objects.create(centre=centre, code="many", name="many", short="many", kind="department",
                               stationing="on_call")  # fmt: skip
    since = clock.at(None) - timedelta(days=30)
    made = Person.objects.bulk_create(Person(centre=centre, username=f"many{n}", name=f"某{n}") for n in range(people))
    posts = Post.objects.bulk_create(Post(person=one, unit=unit, role=Role.LIAISON, active_from=since) for one in made)
    WeeklyShift.objects.bulk_create(
        WeeklyShift(unit=unit, post=post, weekday=n % 7, from_min=(n * 7) % 1440, minutes=30, kind="rotating")
        for n, post in enumerate(posts)
    )
    Roster.objects.create(unit=unit)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE duty_weeklyshift; ANALYZE people_post; ANALYZE people_person")
    return unit


def main() -> None:
    """Asks and prints."""
    people, times = map(int, sys.argv[1:])
    unit = with_a_roster(people)
    taken, found = [], 0
    for _ in range(times):
        began = time.perf_counter()
        found = len(posts_on_duty(ask([on_duty_now([unit.pk])])[0]).get(unit.pk, ()))
        taken.append((time.perf_counter() - began) * 1_000)
    print(json.dumps([sorted(taken), found]))


if __name__ == "__main__":
    main()
