"""Who holds two posts holds what each of them gives, and nothing that they would give together.

Every pair of roles, in different units and places, against everything that a right can be asked about.
"""

from dataclasses import replace
from itertools import combinations_with_replacement
from uuid import uuid4

import pytest

from command.access import HeldPost, PersonActor, Right, Role
from realtime.feed.contract import Audience, AudienceClass
from realtime.feed.errors import Forbidden

ROOT = "330199"
HERE, THERE = "330199/330199001", "330199/330199002"
OURS, THEIRS = uuid4(), uuid4()
PAIRS = list(combinations_with_replacement(sorted(Role), 2))
UNITS = (None, OURS, THEIRS)
PLACES = (None, HERE + "/001", THERE + "/001")
TOKENS = (f"place:{HERE}/001", f"place:{THERE}/001", f"place:{ROOT}", f"unit:{OURS}", f"unit:{THEIRS}")
THINGS = [None, *(Audience.of([token], level) for token in TOKENS for level in AudienceClass)]


def post(role: Role, *, ours: bool) -> HeldPost:
    """A post of that role in a unit and a place of ours, or of theirs."""
    place = HERE if ours else THERE
    return HeldPost(uuid4(), role, OURS if ours else THEIRS, place, looks_over=place)


def holder(*posts: HeldPost) -> PersonActor:
    """Who holds these posts."""
    return PersonActor(uuid4(), uuid4(), ROOT, posts)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_posts_together_may_what_one_of_them_may(one: Role, other: Role) -> None:
    first, second = post(one, ours=True), post(other, ours=False)
    both, apart = holder(first, second), (holder(first), holder(second))
    for right in Right:
        for unit in UNITS:
            for place in PLACES:
                for thing in THINGS:
                    asked = {"unit_id": unit, "place": place, "about": thing}
                    expected = any(each.may(right, **asked) for each in apart)
                    assert both.may(right, **asked) is expected, (right, asked)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_what_a_right_is_read_with_is_the_scope_of_the_posts_that_give_it(one: Role, other: Role) -> None:
    first, second = post(one, ours=True), post(other, ours=False)
    both = holder(first, second)
    for right in Right:
        giving = [each for each in (holder(first), holder(second)) if right in each.rights]
        if not giving:
            with pytest.raises(Forbidden):
                both.scope_for(right)
            continue
        scope = both.scope_for(right)
        for thing in THINGS[1:]:
            assert scope.sees(thing) is any(each.scope.sees(thing) for each in giving), (right, thing)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_socket_of_two_posts_gets_what_the_sockets_of_each_would(one: Role, other: Role) -> None:
    first, second = post(one, ours=True), post(other, ours=False)
    both = holder(first, second)
    for thing in THINGS[1:]:
        expected = holder(first).scope.sees(thing) or holder(second).scope.sees(thing)
        assert both.scope.sees(thing) is expected


def test_a_leaders_sight_lends_no_right_to_a_liaisons_post() -> None:
    leads = HeldPost(uuid4(), Role.LEADER, OURS, looks_over=ROOT)
    answers = HeldPost(uuid4(), Role.LIAISON, THEIRS)
    both = holder(leads, answers)
    foreign = Audience.of([f"place:{HERE}/001"], AudienceClass.DESK)
    own = Audience.of([f"place:{HERE}/001", f"unit:{THEIRS}"], AudienceClass.DESK)
    assert both.scope.sees(foreign) and not both.may(Right.ISSUES_REVEAL, about=foreign)
    assert both.may(Right.ISSUES_REVEAL, about=own)
    assert both.post_seeing(Audience.of([f"unit:{THEIRS}"], AudienceClass.SENSITIVE)) == answers
    deputy = replace(leads, role=Role.DUTY_OFFICER, deputises=True)
    assert holder(deputy, answers).may(Right.ISSUES_VOID, about=foreign)
