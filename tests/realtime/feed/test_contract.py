"""Audience against scope, case by case."""

import pytest

from realtime.feed.contract import Audience, AudienceClass, Pair, Scope, reaches

PUBLIC, DESK, SENSITIVE, CONTROL = AudienceClass


@pytest.mark.parametrize(
    ("token", "held", "matches"),
    [
        ("place:330199/001", "place:330199", True),
        ("place:330199", "place:330199", True),
        ("place:330199", "place:330199/001", False),
        ("place:3301990/001", "place:330199", False),
        ("place:330199/001", "place:330199/00", False),
        ("unit:a", "unit:a", True),
        ("unit:a/b", "unit:a", False),
        ("post:1", "unit:1", False),
    ],
)
def test_places_match_by_ancestor_and_nothing_else_does(token: str, held: str, matches: bool) -> None:
    assert reaches(token, held) is matches


@pytest.mark.parametrize(
    ("pairs", "audience", "sees"),
    [
        ([("place:1", PUBLIC)], (["place:1/2"], PUBLIC), True),
        ([("place:1", PUBLIC)], (["place:1/2"], DESK), False),
        ([("place:1", DESK)], (["place:1/2"], SENSITIVE), False),
        ([("place:1", SENSITIVE)], (["place:1/2"], SENSITIVE), True),
        # a ceiling counts only together with its own token
        ([("place:1", PUBLIC), ("unit:u", SENSITIVE)], (["place:1/2"], DESK), False),
        ([("place:1", PUBLIC), ("unit:u", SENSITIVE)], (["place:1/2", "unit:u"], DESK), True),
        ([("place:1", CONTROL)], (["place:1"], CONTROL), False),
        ([], (["place:1"], PUBLIC), False),
    ],
)
def test_a_scope_sees_what_one_pair_matches_and_reaches(
    pairs: list[tuple[str, AudienceClass]], audience: tuple[list[str], AudienceClass], sees: bool
) -> None:
    scope = Scope(tuple(Pair(token, ceiling) for token, ceiling in pairs))
    assert scope.sees(Audience.of(*audience)) is sees


def test_equal_audiences_have_equal_bytes() -> None:
    one = Audience.of(["unit:b", "place:1", "unit:b"], DESK)
    assert one == Audience.of(["place:1", "unit:b"], DESK)
    assert Audience.of_wire(one.wire()) == one
