"""What a centre has already, as a list of shifts is held against it, and its rosters as such a list. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from command.duty.changes import Standing, said_clock
from command.duty.imports.checks import KnownPost, KnownUnit
from command.duty.law import DAY_MIN, Dated, Span, spells
from command.duty.models import DatedShift
from command.duty.queries import ANSWERING, dated_of, plans, zone
from command.lists.naming import Named, Names
from command.people.models import Post
from command.people.queries import held_posts
from command.units.models import Unit
from realtime.feed import clock


def known_to(centre_id: UUID, *, but: Collection[UUID] = ()) -> Names[KnownUnit]:
    """Units in use with their posts and dated shifts. `but`: shifts that this very list has made. Three statements."""
    units = list(Unit.objects.filter(centre_id=centre_id, retired_at=None))
    posts: dict[UUID, list[Named[KnownPost]]] = defaultdict(list)
    held = held_posts().filter(unit__in=units, role__in=ANSWERING)
    for row in held.select_related("person"):
        one = Standing(row.person.name, of_unit=True, held=True, answers=True)
        posts[row.unit_id].append(Named(KnownPost(row.pk, one), row.person.username, (row.person.name,)))
    dated: dict[UUID, list[Dated]] = defaultdict(list)
    rows = DatedShift.objects.filter(unit__in=units, ends_at__gt=clock.at(None)).exclude(pk__in=but)
    for shift in rows:
        dated[shift.unit_id].append(dated_of(shift))
    return Names(
        Named(
            KnownUnit(one.pk, Names(posts[one.pk]), tuple(dated[one.pk])),
            one.code,
            (one.name, one.short),
        )
        for one in units
    )


def exported(centre_id: UUID, first: date, days: int) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Who is on duty over some local days, as rows of a list of shifts: unit, day, from, to, username, kind.

    What weekly shifts, dated ones and absences come to. What is not over yet can be taken in elsewhere.
    """
    here = zone()
    begin = datetime.combine(first, datetime.min.time(), here)
    within = Span(begin, begin + timedelta(days=days))
    units = dict(Unit.objects.filter(centre_id=centre_id, retired_at=None).order_by("code").values_list("pk", "code"))
    found = plans(list(units), min(clock.at(None), begin))
    names = dict(Post.objects.filter(unit__in=units).values_list("pk", "person__username"))
    for unit_id, code in units.items():
        for one in spells(found[unit_id], within, here) if unit_id in found else ():
            start = max(one.span.start, within.start).astimezone(here)
            minutes = int((one.span.end - start).total_seconds() // 60) + start.hour * 60 + start.minute
            until = said_clock(minutes) if minutes <= DAY_MIN else f"次日{said_clock(minutes - DAY_MIN)}"
            yield code, f"{start:%Y-%m-%d}", f"{start:%H:%M}", until, names[one.post], one.kind.zh
