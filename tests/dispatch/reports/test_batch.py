"""Many reports at once: good rows come in, bad rows are told, a second sending changes nothing."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from command.people.actions import make_api_client
from dispatch.matter.issues.models import Issue
from dispatch.matter.reports.models import Report
from gis.grid.models import Cell
from realtime.feed.queries import all_facts
from tests.dispatch.desk import Desk


def pushes(key: str, rows: list[Any], *, idempotency_key: str | None = None) -> Any:
    """What another system gets for its rows."""
    return Client().post(
        "/api/v1/reports/batch",
        {"rows": rows},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": idempotency_key or str(uuid4())},
    )


def row(number: str, **more: Any) -> dict[str, Any]:
    """A row of the police's push."""
    return {"channel": "police_source", "item": "0206", "text": "邻里纠纷", "source_number": number, **more}


@pytest.fixture
def police(desk: Desk) -> str:
    """The key of the police's system."""
    return make_api_client(desk.built.id, "110", ["police_source"])


@pytest.mark.mechanism("M05")
def test_good_rows_come_in_and_bad_rows_are_told(desk: Desk, police: str) -> None:
    rows = [
        row("110-1"),
        row("110-2", item="9999"),
        {"channel": "police_source", "item": "0206", "text": "没有编号"},
        row("110-3", position={"lon": 30.65, "lat": 120.35, "system": "WGS84"}),
        {"channel": "police_source", "text": "", "source_number": "110-4"},
        row("110-5", channel="hotline_12345"),
        row("110-1", text="再推一次"),
        row("110-6", item="02\x0006"),
    ]
    answer = pushes(police, rows)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["taken"], told["known"], told["refused"]) == (1, 1, 6)
    assert [(line["status"], (line["problem"] or {}).get("code")) for line in told["rows"]] == [
        (201, None),
        (422, "report.item_unknown"),
        (422, "report.number_needed"),
        (422, "report.position_swapped"),
        (422, "request.invalid"),
        (403, "report.channel_not_yours"),
        (200, None),
        (422, "request.unstorable"),
    ]
    assert told["rows"][4]["problem"]["field"] == "item"
    assert all(line["problem"]["remedy"] for line in told["rows"] if line["status"] == 422)
    assert told["rows"][0]["number"] == told["rows"][6]["number"] == "000001"
    assert Issue.objects.count() == 1


def test_the_same_batch_again_changes_nothing(desk: Desk, police: str) -> None:
    rows = [row("110-1"), row("110-2")]
    first, second = (pushes(police, rows, idempotency_key="k").json() for _ in range(2))
    assert first == second
    third = pushes(police, rows).json()
    assert (third["taken"], third["known"]) == (0, 2)
    assert Issue.objects.count() == 2


def test_a_batch_has_at_most_a_hundred_rows(desk: Desk, police: str) -> None:
    assert pushes(police, [row(str(number)) for number in range(101)]).status_code == 422
    assert pushes(police, []).status_code == 422
    assert pushes(police, ["x"]).status_code == 422
    assert not Issue.objects.exists()


@pytest.mark.mechanism("M147")
def test_a_police_push_arrives_at_the_township_centre_of_its_address(desk: Desk, police: str) -> None:
    township = Cell.objects.get(centre_id=desk.built.id, tier="township")
    pushes(
        police,
        [
            row("110-1", address=f"{township.name}和平路3号"),
            row("110-2", cell=township.code),
            row("110-3", position={**_inside(desk), "system": "CGCS2000"}),
            row("110-4", address="不知何处"),
        ],
    )
    held = dict(Report.objects.values_list("source_number", "issue__responsible__code"))
    assert held == {"110-1": "township", "110-2": "township", "110-3": "township", "110-4": "duty_desk"}
    told = [json.loads(fact.bytes)["card"] for fact in all_facts(desk.built.id) if fact.name == "issue.reported"]
    assert [card["open"] for card in told] == [True] * 4  # live on every screen concerned


def _inside(desk: Desk) -> dict[str, float]:
    position = desk.inside()
    return {"lon": position.lon, "lat": position.lat}
