"""The desk's form, the member's phone, the slip: who reports, what they get, what is told of it later."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError

from command.access import Role
from command.channels.models import Channel
from command.channels.queries import channels
from command.people.actions import end_post, give_post
from dispatch.matter.issues.models import Issue
from dispatch.matter.reports.models import Report
from gis.grid.models import Cell
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch.browser import Browser, report_body, signed_in
from tests.dispatch.desk import DOMESTIC_VIOLENCE, Desk


def only_report() -> Report:
    """The one report there is."""
    return Report.objects.get()


def inside(desk: Desk, **more: Any) -> dict[str, Any]:
    """A position in the member's own grid, as a phone gives it."""
    position = desk.inside()
    return {"lon": position.lon, "lat": position.lat, "system": "CGCS2000", **more}


@pytest.mark.mechanism("M02")
def test_the_window_prints_a_slip_with_number_and_query_code(desk: Desk) -> None:
    duty = signed_in("duty1")
    duty.reports(channel="window_visit")
    slip = duty.get(f"/reports/{only_report().pk}/receipt")
    assert slip.status_code == 200
    assert "no-store" in slip["Cache-Control"]
    said = slip.json()
    assert (said["number"], said["item_zh"], said["centre"]) == ("000001", "路灯不亮", "河湾区综治中心")
    assert [len(part) for part in said["query_code"].split("-")] == [4, 4, 4]
    assert "王建国" not in slip.content.decode() and "13812341234" not in slip.content.decode()
    assert Issue.objects.get().channel == "window_visit"


def test_a_slip_is_for_the_desk_and_for_who_made_the_report(desk: Desk, other_desk: Desk) -> None:
    member = signed_in("grid1")
    member.post("/reports", report_body(channel="grid_report", item=DOMESTIC_VIOLENCE))
    path = f"/reports/{only_report().pk}/receipt"
    assert member.get(path).status_code == 200
    for username in ("chengguan", "town", "leader", "o_duty1"):
        assert signed_in(username).get(path).status_code == 404, username


def offers_slip(browser: Browser, issue_id: UUID) -> bool:
    """Whether the detail of an issue lets its slip be printed; the slip's own address says the same."""
    [report] = browser.get(f"/issues/{issue_id}").json()["reports"]
    answer = browser.get(f"/reports/{report['id']}/receipt")
    assert (answer.status_code, answer.json().get("code")) in ((200, None), (404, "report.not_found"))
    assert report["slip"] is (answer.status_code == 200)
    return bool(report["slip"])


def test_a_query_code_goes_to_the_desk_that_took_the_report_in_and_to_the_duty_desk(desk: Desk) -> None:
    """Who has it reads what passed in clear, takes the report back and rates the answer, all as the reporter."""
    town, duty, position = signed_in("town"), signed_in("duty1"), inside(desk)
    own, hotline = town.reports(channel="window_visit", position=position), duty.reports(position=position)
    assert offers_slip(town, own)
    assert not offers_slip(town, hotline)
    assert offers_slip(duty, own) and offers_slip(duty, hotline)

    [post] = desk.actor("town").posts
    cell = Cell.objects.get(centre_id=desk.built.id, path=post.cell_path)
    give_post(desk.built.people["villager"], Role.TOWNSHIP_DESK, post.unit_id, cell.pk, cmd=desk.command("admin"))
    colleague = signed_in("villager")
    assert offers_slip(colleague, own)
    assert not offers_slip(colleague, hotline)

    end_post(post.id, confirmed=True, cmd=desk.command("admin"))
    assert offers_slip(colleague, own), "the desk took it in while its officer of then was there"


@pytest.mark.mechanism("M01")
def test_a_member_reports_from_the_phone_and_follows_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    member = signed_in("grid1")
    body = report_body(
        channel="grid_report",
        source_number="phone-0001",
        position=inside(desk, accuracy_m=3.0),
        observed_at="2026-11-02T01:00:00Z",
        reporter=None,
    )
    first = member.post("/reports", body)
    assert first.status_code == 201, first.content
    again = member.post("/reports", body)  # the queue on the phone had not heard the answer: another key, same number
    assert (again.status_code, again.json()) == (200, first.json())
    report = only_report()
    post = desk.actor("grid1").posts[0]
    assert report.post_id == post.id
    assert report.observed_at is not None and report.accuracy_m == 3.0
    assert Issue.objects.get().responsible_id == post.unit_id  # the member's own centre holds it first
    [mine] = member.get("/reports/mine").json()
    assert (mine["number"], mine["state_zh"], mine["source_number"]) == ("000001", "待受理", "phone-0001")
    issues.accept(report.issue_id, cmd=desk.command("duty1"))
    assert member.get("/reports/mine").json()[0]["state"] == "accepted"
    assert signed_in("duty1").get("/reports/mine").json() == []
    own = [member.reports() for _ in range(3)]
    monkeypatch.setattr("dispatch.reading.reports.MOST_OWN", 2)
    first = member.get("/reports/mine").json()
    second = member.get("/reports/mine", before=f"{first[-1]['received_at']}~{first[-1]['id']}").json()
    assert [line["issue"] for line in (*first, *second)] == [*map(str, reversed(own)), str(report.issue_id)]
    assert member.get("/reports/mine", before="yesterday").json()["code"] == "page.cursor"


def test_parties_are_kept_apart_from_the_reporter_and_masked(desk: Desk) -> None:
    duty = signed_in("duty1")
    parties = [{"name": "李四海", "phone": "13912345678", "note": "楼上住户 13912345678"}]
    issue_id = duty.reports(text="李四海家深夜敲墙", parties=parties)
    answer = duty.get(f"/issues/{issue_id}")
    assert answer.json()["reports"][0]["parties"][0]["name"] == "李**"
    shown = answer.content.decode()
    assert "李四海" not in shown and "13912345678" not in shown
    report = only_report()
    assert b"139" not in bytes(report.sealed)
    told = b"".join(bytes(fact.bytes) for fact in all_facts(desk.built.id)).decode()
    assert "李四海" not in told and "13912345678" not in told


@pytest.mark.mechanism("M04")
def test_a_channel_without_a_known_code_brings_nothing(desk: Desk) -> None:
    refused = signed_in("duty1").post("/reports", report_body(channel="word_of_mouth"))
    assert (refused.status_code, refused.json()["code"]) == (422, "report.channel_unknown")
    assert not Issue.objects.exists()


@pytest.mark.mechanism("M04")
def test_no_channel_lacks_a_source_family(desk: Desk) -> None:
    assert all(channel.source_family for channel in channels(desk.built.id).values())
    with pytest.raises(IntegrityError, match="channel_family_is_known"):
        Channel.objects.filter(centre_id=desk.built.id, code="window_visit").update(source_family="")


@pytest.mark.mechanism("M21")
def test_what_no_person_has_placed_is_listed_with_its_candidates(
    desk: Desk, other_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    duty = signed_in("duty1")
    duty.reports(position={"lon": 121.5, "lat": 31.2, "system": "WGS84"})  # outside the district
    duty.reports(position=inside(desk, accuracy_m=3_000.0))
    duty.reports(position=inside(desk, accuracy_m=1.0))
    [outside] = duty.get("/reports/unplaced").json()
    assert (outside["placing"], outside["cell"], outside["candidates"]) == ("unplaced", None, [])
    [unsure] = duty.get("/reports/unplaced", placing="ambiguous").json()
    assert len(unsure["candidates"]) >= 2
    assert unsure["cell"] is not None
    lowest = unsure["cell"]["path"]
    assert all(candidate["path"].startswith(lowest) for candidate in unsure["candidates"])
    duty.reports(position={"lon": 121.5, "lat": 31.2, "system": "WGS84"})
    monkeypatch.setattr("dispatch.reading.unplaced.MOST", 1)
    [last] = duty.get("/reports/unplaced").json()
    [behind] = duty.get("/reports/unplaced", before=f"{last['received_at']}~{last['report']}").json()
    assert behind["report"] == outside["report"]
    assert duty.get("/reports/unplaced", before=f"{behind['received_at']}~{behind['report']}").json() == []
    assert signed_in("o_duty1").get("/reports/unplaced").json() == []
    assert signed_in("grid1").get("/reports/unplaced").status_code == 403


def test_a_named_cell_places_a_report_without_a_position(desk: Desk) -> None:
    duty = signed_in("duty1")
    community = Cell.objects.get(centre_id=desk.built.id, tier="community")
    duty.reports(cell=community.code)
    assert Issue.objects.get().place == community.path
    refused = duty.post("/reports", report_body(cell="nowhere"))
    assert (refused.status_code, refused.json()["code"]) == (422, "report.cell_unknown")


def test_suggestions_say_first_whom_to_call(desk: Desk) -> None:
    said = _suggested(signed_in("duty1"), "楼下燃气泄漏，闻到煤气味，有人晕倒")
    assert [call["number"] for call in said["emergency"]] == ["119", "120"]
    assert said["items"][0]["code"] == "1706"
    assert _suggested(signed_in("duty1"), "嗯嗯") == {"emergency": [], "items": []}


def _suggested(browser: Browser, text: str) -> Any:
    answer = browser.post("/suggest", {"text": text})
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)
