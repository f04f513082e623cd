"""The desk is offered what may be the same happening, with reasons, and never a word of anybody's text."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.matter.issues.models import IssueKey
from dispatch.reading.duplicates import candidates
from tests.dispatch.browser import signed_in
from tests.dispatch.desk import DOMESTIC_VIOLENCE, NOISE, Desk


def offered(desk: Desk, issue_id: UUID, username: str = "duty1") -> Any:
    """What a person is offered."""
    return signed_in(username).get(f"/issues/{issue_id}/duplicates")


@pytest.mark.mechanism("M36")
def test_a_new_issue_near_an_open_one_is_offered_with_reasons(desk: Desk) -> None:
    here = desk.inside(accuracy_m=10.0)
    first = desk.accepted(position=here)
    second = desk.reported(position=replace(here, lon=here.lon + 0.0002))
    desk.reported(NOISE, position=replace(here, lon=here.lon + 0.02))  # another matter, far away
    answer = offered(desk, second)
    [found] = answer.json()
    assert (found["id"], found["issue"]["number"], found["version"]) == (str(first), "000001", 2)
    reasons = {reason["code"]: reason for reason in found["reasons"]}
    assert set(reasons) == {"place", "item", "time", "text"}
    assert reasons["place"]["value"] == pytest.approx(19, abs=2)
    assert reasons["place"]["zh"] == "相距 19 米"
    assert reasons["text"]["value"] == 1.0
    assert "路灯不亮三天" not in answer.content.decode() and "王建国" not in answer.content.decode()
    assert [line["id"] for line in offered(desk, first).json()] == [str(second)]  # and the other way round


def test_what_is_sensitive_is_neither_offered_nor_offered_anything(desk: Desk) -> None:
    here = desk.inside(accuracy_m=10.0)
    open_one, guarded = desk.reported(position=here), desk.reported(DOMESTIC_VIOLENCE, position=here)
    assert offered(desk, open_one).json() == []
    assert offered(desk, guarded).json() == []


def test_only_the_desk_is_offered_anything(desk: Desk, other_desk: Desk) -> None:
    issue_id = desk.dispatched(position=desk.inside())
    for username, status in (("chengguan", 403), ("town", 403), ("leader", 403), ("grid1", 404), ("o_duty1", 404)):
        assert offered(desk, issue_id, username).status_code == status, username


def test_what_lies_by_name_only_is_compared_by_its_cell(desk: Desk) -> None:
    path = desk.inside()
    desk.reported(position=path)
    community = json.loads(signed_in("duty1").get("/cells", tier="grid").content)["features"][0]["properties"]["code"]
    first, second = desk.reported(cell=community), desk.reported(cell=community)
    found = {line["id"]: line for line in offered(desk, second).json()}
    assert str(first) in found
    assert "cell" in {reason["code"] for reason in found[str(first)]["reasons"]}


def test_an_ended_issue_is_offered_as_ended(desk: Desk) -> None:
    here = desk.inside(accuracy_m=5.0)
    first = desk.reported(position=here)
    desk.declined(first)
    [found] = offered(desk, desk.reported(position=here)).json()
    assert found["reasons"][-1]["code"] == "ended"


def test_an_erased_issue_is_compared_without_its_words(desk: Desk) -> None:
    here = desk.inside(accuracy_m=5.0)
    first, second = desk.reported(position=here), desk.reported(position=here)
    IssueKey.objects.filter(issue_id=first).delete()
    [found] = offered(desk, second).json()
    assert "text" not in {reason["code"] for reason in found["reasons"]}


def test_it_costs_the_same_however_many_there_are(desk: Desk) -> None:
    here = desk.inside(accuracy_m=5.0)
    issue_id = desk.reported(position=here)
    actor = desk.actor("duty1")
    counts = []
    for _ in range(2):
        desk.reported(position=here)
        desk.reported(position=here)
        with CaptureQueriesContext(connection) as captured:
            assert candidates(issue_id, actor=actor)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14
