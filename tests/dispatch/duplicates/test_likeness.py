"""Likeness of two tellings: place first, then kind, time and words; symmetric, between 0 and 1."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.reading.likeness import Compared, bigrams, metres_between, ranked

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HERE = (120.35, 30.65)
NEW = Compared("new", AT, "1901", "城市管理", "power", HERE, 10.0, "330199/001/002/003", "和平路路灯不亮三天了")
SAME = replace(NEW, id="same", at=AT - timedelta(hours=2), words="和平路的路灯坏了三天")


def score(other: Compared) -> float:
    """How like another is to the new one."""
    return ranked(NEW, [other], least=0.0)[0].score


def east(metres: float) -> tuple[float, float]:
    """A point so far east."""
    return HERE[0] + metres / 95_700, HERE[1]


def test_the_farther_the_less_alike() -> None:
    scores = [score(replace(SAME, position=east(metres))) for metres in (0, 60, 120, 240, 480)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.8 > 0.4 > scores[-1]


def test_the_circles_of_both_are_taken_off_the_distance() -> None:
    assert score(replace(SAME, position=east(80), accuracy_m=70.0)) == pytest.approx(score(SAME), abs=0.01)


def test_each_thing_in_common_counts() -> None:
    assert score(SAME) > score(replace(SAME, item="1902")) > score(replace(SAME, item="1902", category="别的"))
    assert score(SAME) > score(replace(SAME, at=AT - timedelta(days=120)))
    assert score(SAME) > score(replace(SAME, words="楼上漏水到我家"))


def test_without_points_the_cells_decide() -> None:
    blind = replace(SAME, position=None)
    paths = ("330199/001/002/003/004", "330199/001/002/003", "330199/001/002/009", "330199/001/009", "330199/009")
    same_micro = ranked(replace(NEW, path=paths[0], position=None), [replace(blind, path=paths[0])], least=0.0)[0].score
    scores = [same_micro, *(score(replace(blind, path=path)) for path in paths[1:])]
    assert scores == sorted(scores, reverse=True)
    assert scores[3] == scores[4] == 0.0


def test_the_likest_come_first_and_what_is_too_unlike_not_at_all() -> None:
    far = replace(SAME, id="far", position=east(490))
    other = replace(SAME, id="other", item="0101", category="婚姻", department="women", words="彩礼")
    assert [found.id for found in ranked(NEW, [far, other, SAME])] == ["same", "other"]


def test_distance_is_that_of_the_globe() -> None:
    assert metres_between((120.0, 30.0), (120.0, 31.0)) == pytest.approx(111_195, rel=1e-3)


@given(st.text(max_size=40), st.text(max_size=40))
def test_words_of_any_kind_are_compared_both_ways_alike(one: str, other: str) -> None:
    there = ranked(replace(NEW, words=one), [replace(SAME, words=other)], least=0.0)[0].words
    back = ranked(replace(SAME, words=other), [replace(NEW, words=one)], least=0.0)[0].words
    assert there == pytest.approx(back, abs=1e-3)
    assert 0.0 <= there <= 1.0
    assert all(len(gram) == 2 for gram in bigrams(one))
