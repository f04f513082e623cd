"""Who answers now for a unit: a named receiver, who its roster names for this hour, deputy, head, the duty lead.

Without a roster, or in a gap of it, the unit's liaisons are first, at any hour. For the centre's own desk: who its
roster names, else its duty officers; then the duty lead. Source: docs/rules.md, "Calls".
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from django.db.models import Q

from command.access import Role
from command.duty.queries import absent_now, on_duty_now, posts_on_duty
from command.organisations.queries import desk_id
from command.people.models import Post
from command.people.queries import held_now, held_posts
from command.units.departments import Rank
from command.units.models import UnitContact
from dispatch.matter.calls.states import Rung
from realtime.feed.statements import Statement, ask

Posts: TypeAlias = tuple[UUID, ...]

SEQUENCE: Final = tuple(Rung)
_LIAISONS: Final = frozenset({Role.LIAISON, Role.TOWNSHIP_DESK})
_DESK: Final = frozenset({Role.DUTY_OFFICER, Role.DUTY_LEAD})
_OF_RANK: Final = {Rank.LIAISON: Rung.LIAISON, Rank.DEPUTY: Rung.DEPUTY, Rank.HEAD: Rung.HEAD}


@dataclass(frozen=True, slots=True)
class Callees:
    """Whom of a unit to call, rung by rung; of a sensitive issue only those who handle it.

    answering   who of the unit may acknowledge, and is not absent by its roster: only such a named receiver is called
    on_duty     whom the roster names for this hour: they are the rung `first` in place of all who have that role
    """

    rungs: dict[Rung, Posts]
    handling: frozenset[UUID]
    answering: frozenset[UUID] = frozenset()
    on_duty: Posts = ()
    first: Rung = Rung.LIAISON

    def named(self, receiver: UUID | None) -> Posts:
        """The named receiver; nobody where the post has ended, or is absent: the call goes on as without one."""
        return (receiver,) if receiver in self.answering else ()

    def on_duty_for(self, *, sensitive: bool) -> Posts:
        """Whom the roster names for this hour; of a sensitive issue those who handle it."""
        return tuple(post for post in self.on_duty if not sensitive or post in self.handling)

    def of(self, rung: Rung, *, sensitive: bool, exercise: bool) -> Posts:
        """Who is called at a rung: no head for an exercise, nobody outside unit and desk for what is sensitive."""
        if exercise and rung is Rung.HEAD:
            return ()
        on_duty = self.on_duty if rung is self.first else ()
        for found in (on_duty, self.rungs.get(rung, ())):
            allowed = tuple(post for post in found if post in self.handling) if sensitive else found
            if allowed:  # else nobody on duty may know of it: all are called who would be without a roster
                return allowed
        return ()


class Roster:
    """Finds who answers; what it has read it keeps for a pass."""

    def __init__(self) -> None:
        self._leads: dict[UUID, Posts] = {}  # by centre
        self._known: dict[UUID, Callees] = {}

    def duty_leads(self, centre_id: UUID) -> Posts:
        """The duty leads of a centre, by their time in the post. One round trip, once."""
        if centre_id not in self._leads:
            self.read(centre_id, [])
        return self._leads[centre_id]

    def callees(self, centre_id: UUID, unit_id: UUID) -> Callees:
        """Whom of a unit to call. Nothing is read that was read before."""
        if unit_id not in self._known:
            self.read(centre_id, [unit_id])
        return self._known[unit_id]

    def read(self, centre_id: UUID, unit_ids: Iterable[UUID]) -> None:
        """Reads some units of a centre at once, and its duty leads. One round trip, however many."""
        missing = sorted(set(unit_ids) - self._known.keys())
        if not missing and centre_id in self._leads:
            return
        posts = held_posts().order_by("active_from", "person__username")
        contacts = UnitContact.objects.filter(held_now("post__"), post__person__is_active=True)
        roles = [*_LIAISONS, *_DESK, Role.LEADER]
        leads = posts.filter(unit__centre_id=centre_id, role=Role.DUTY_LEAD).values_list("pk")
        asked: list[Statement] = [leads.query.sql_with_params()]
        if missing:  # nothing is among none, says Django, and makes no statement
            ordered = contacts.filter(unit__in=missing).order_by("unit", "place")
            of_units = ordered.values_list("unit_id", "post_id", "rank")
            held_there = posts.filter(unit__in=missing, role__in=roles).values_list("unit_id", "pk", "role")
            asked += [of_units.query.sql_with_params(), held_there.query.sql_with_params()]
            asked += [on_duty_now(missing), absent_now(missing)]
        leading, *rest = ask(asked)
        listing, holding, rostered, away = rest or ([], [], [], [])
        on_duty, absent = posts_on_duty(rostered), frozenset(post for (post,) in away)
        self._leads[centre_id] = tuple(post for (post,) in leading)
        listed: dict[UUID, dict[Rung, list[UUID]]] = defaultdict(lambda: defaultdict(list))
        for unit_id, post_id, rank in listing:
            listed[unit_id][_OF_RANK[Rank(rank)]].append(post_id)
        held: dict[UUID, dict[str, list[UUID]]] = defaultdict(lambda: defaultdict(list))
        for unit_id, post_id, role in holding:
            held[unit_id][role].append(post_id)
        leads_of, desk = self._leads[centre_id], desk_id(centre_id)
        for unit_id in missing:
            on_roster = on_duty.get(unit_id, ())
            self._known[unit_id] = _callees(
                listed[unit_id], held[unit_id], leads_of, on_roster, absent, is_desk=unit_id == desk
            )


def handling(posts: Sequence[UUID]) -> list[UUID]:
    """Those of some posts that may know of what is sensitive: those of units and desks. One statement."""
    rows = Post.objects.filter(Q(role__in=[*_LIAISONS, *_DESK]), pk__in=posts)
    allowed = set(rows.values_list("pk", flat=True))
    return [post for post in posts if post in allowed]


def _callees(
    listed: dict[Rung, list[UUID]],
    held: dict[str, list[UUID]],
    leads: Collection[UUID],
    on_duty: Posts,
    absent: Collection[UUID],
    *,
    is_desk: bool,
) -> Callees:
    """Everybody who may acknowledge is of the first rung; deputies and heads are those that the administrator listed.

    A unit without such a list: its leaders are its heads.
    """
    own = [*listed.get(Rung.LIAISON, ()), *(post for role in _LIAISONS for post in held.get(role, ()))]
    heads = listed.get(Rung.HEAD, ()) if listed else held.get(Role.LEADER, ())
    rungs = {
        Rung.DUTY_OFFICER: held.get(Role.DUTY_OFFICER, ()) if is_desk else (),
        Rung.LIAISON: own,
        Rung.DEPUTY: listed.get(Rung.DEPUTY, ()),
        Rung.HEAD: () if is_desk else heads,
        Rung.DUTY_LEAD: leads,
    }
    knows = {*leads, *(post for role in (*_LIAISONS, *_DESK) for post in held.get(role, ()))}
    named = {rung: tuple(dict.fromkeys(posts)) for rung, posts in rungs.items() if posts}
    answering = frozenset(post for role in _LIAISONS for post in held.get(role, ())) - frozenset(absent)
    return Callees(named, frozenset(knows), answering, on_duty, Rung.DUTY_OFFICER if is_desk else Rung.LIAISON)
