"""The loop over HTTP: answers, repeats, lists, detail, reveal."""

import gzip
import json
from collections import Counter
from unittest.mock import patch
from uuid import UUID

import pytest
from django.test import Client
from ninja import Schema

from command.people.actions import make_api_client
from dispatch.matter.issues.models import IssueKey
from realtime.feed.clock import shifted
from realtime.feed.queries import all_facts
from server.api import api
from server.document import DOCUMENT
from tests.dispatch import order_verbs as orders
from tests.dispatch.browser import Browser, report_body, signed_in
from tests.dispatch.desk import MINUTE, Desk


@pytest.fixture
def duty(desk: Desk) -> Browser:
    """A duty officer at the console."""
    return signed_in("duty1")


def test_from_report_to_closing_over_http(desk: Desk, duty: Browser) -> None:
    liaison = signed_in("chengguan")
    issue_id = duty.reports()
    path = f"/issues/{issue_id}"
    assert duty.post(f"{path}/accept").json()["card"]["state"] == "accepted"
    assert duty.post(f"{path}/file", version=2).json()["version"] == 3
    sent = duty.post(f"{path}/dispatch", {"unit": str(desk.unit("law_enforcement"))}, version=3)
    assert sent.status_code == 200, sent.content
    [line] = liaison.get("/orders", open=1).json()
    assert (line["item_zh"], line["open_verbs"]) == ("路灯不亮", ["acknowledge", "request_return", "message"])
    order = f"/orders/{line['id']}"
    assert liaison.post(f"{order}/acknowledge").json()["card"]["state"] == "acknowledged"
    assert liaison.post(f"{order}/start", version=2).json()["card"]["state"] == "in_handling"
    answer = liaison.post(f"{order}/feed_back", {"result": "handled", "text": "已更换"}, version=3)
    assert answer.json()["card"]["state"] == "fed_back"
    detail = duty.get(path)
    assert detail["ETag"] == '"7"'
    assert detail.json()["open_verbs"] == ["verify", "rework", "amend", "withdraw", "refer_emergency", "message"]
    assert detail.json()["orders"][0]["feedback"] == "已更换"
    assert duty.post(f"{path}/verify", version=7).status_code == 200
    closed = duty.post(f"{path}/close", {"outcome": "resolved", "followed_up": True}, version=8)
    assert closed.json()["card"]["outcome"] == "resolved"
    assert duty.get("/issues", state="closed").json()["issues"][0]["id"] == str(issue_id)


def test_a_repeat_gets_the_same_bytes(duty: Browser) -> None:
    first, second = (duty.post("/reports", report_body(), key="k-1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    issue_id = first.json()["object"]["id"]
    accepted = [duty.post(f"/issues/{issue_id}/accept", key="k-2") for _ in range(20)]
    assert {answer.status_code for answer in accepted} == {200}
    assert len({answer.content for answer in accepted}) == 1


@pytest.mark.mechanism("M05")
def test_a_hotline_order_posted_twice_by_its_system_is_one_issue(desk: Desk) -> None:
    system = Browser(
        Client(headers={"Authorization": f"Bearer {make_api_client(desk.built.id, '热线', ['hotline_12345'])}"})
    )
    first = system.post("/reports", report_body(source_number="12345-0001"))
    again = system.post("/reports", report_body(source_number="12345-0001"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    foreign = system.post("/reports", report_body(channel="police_source"))
    assert (foreign.status_code, foreign.json()["code"]) == (403, "report.channel_not_yours")
    assert system.get("/issues").status_code == 401


def test_detail_masks_and_reveal_shows_and_leaves_a_trace(desk: Desk, duty: Browser) -> None:
    issue_id = duty.reports()
    [report] = duty.get(f"/issues/{issue_id}").json()["reports"]
    assert report["text"] == "路灯不亮三天了,请打 138****1234 找王**。"
    assert report["reporter"] == {"name": "王**", "phone": "138****1234"}
    assert report["address"] == "和平路*号*幢"
    revealed = [duty.post(f"/issues/{issue_id}/reveal", {"reason": "回电核实"}, key="r") for _ in range(2)]
    assert {answer.status_code for answer in revealed} == {200}
    [clear] = revealed[0].json()["reports"]
    assert clear["reporter"] == {"name": "王建国", "phone": "13812341234"}
    assert revealed[0].json()["reports"] == revealed[1].json()["reports"]  # read again, recorded again
    assert [fact.name for fact in all_facts(desk.built.id)].count("reveal.made") == 2
    last = duty.get(f"/issues/{issue_id}").json()["timeline"][-1]
    assert (last["name"], last["by"], last["text"]) == (
        "reveal.made",
        {"name": "林晓舟", "unit": "值班席"},
        "回电核实",
    )


def test_an_erased_issue_shows_no_one(duty: Browser) -> None:
    issue_id = duty.reports()
    IssueKey.objects.filter(pk=issue_id).delete()
    [report] = duty.get(f"/issues/{issue_id}").json()["reports"]
    assert (report["text"], report["address"], report["reporter"]) == (None, None, None)


@pytest.mark.mechanism("M77")
def test_the_timeline_tells_who_when_from_and_to_and_adds_up_to_the_state(desk: Desk, duty: Browser) -> None:
    issue_id = desk.closed()
    timeline = duty.get(f"/issues/{issue_id}").json()["timeline"]
    steps = [
        (entry["body"]["from"], entry["body"]["to"])
        for entry in timeline
        if entry["name"].startswith("issue.") and "to" in entry["body"]
    ]
    assert steps == [
        (None, "reported"),
        ("reported", "accepted"),
        ("accepted", "filed"),
        ("filed", "in_handling"),
        ("in_handling", "fed_back"),
        ("fed_back", "verified"),
        ("verified", "closed"),
    ]
    assert [entry["seq"] for entry in timeline] == sorted(entry["seq"] for entry in timeline)
    assert {entry["by"]["name"] for entry in timeline} == {"林晓舟", "魏立新"}


def test_a_breach_in_the_timeline_is_the_clocks(desk: Desk, duty: Browser) -> None:
    issue_id = desk.dispatched()
    with shifted(61 * MINUTE):
        orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    timeline = duty.get(f"/issues/{issue_id}").json()["timeline"]
    assert {entry["by"]["name"] for entry in timeline if entry["name"].endswith(".breached")} == {"计时"}


def test_a_unit_sees_its_own_order_only(desk: Desk) -> None:
    issue_id = desk.dispatched(assists=("power",))
    detail = signed_in("power").get(f"/issues/{issue_id}").json()
    assert [order["card"]["unit"] for order in detail["orders"]] == [str(desk.unit("power"))]
    kinds = {entry["object_id"] for entry in detail["timeline"] if entry["object_kind"] == "order"}
    assert kinds == {str(desk.order_of(issue_id, "power"))}
    assert detail["open_verbs"] == ["message"]  # to write beside it is all
    assert signed_in("housing").get(f"/issues/{issue_id}").status_code == 404
    assert signed_in("grid1").get(f"/issues/{issue_id}").status_code == 404


def test_the_list_is_scoped_paged_and_searched(desk: Desk, duty: Browser) -> None:
    made = [desk.reported(item, position=desk.inside()) for item in ("1901", "1401", "0103", "1901", "1901")]
    desk_page = duty.get("/issues", limit=2).json()
    assert [row["card"]["number"] for row in desk_page["issues"]] == ["000005", "000004"]
    following = duty.get("/issues", limit=2, cursor=desk_page["cursor"]).json()
    assert [row["card"]["number"] for row in following["issues"]] == ["000003", "000002"]
    last = duty.get("/issues", limit=2, cursor=following["cursor"]).json()
    assert ([row["id"] for row in last["issues"]], last["cursor"]) == ([str(made[0])], None)
    assert len(duty.get("/issues", q="路灯").json()["issues"]) == 3
    assert [row["id"] for row in duty.get("/issues", q="000002").json()["issues"]] == [str(made[1])]
    assert duty.get("/issues", q="王建国").json()["issues"] == []
    assert len(signed_in("leader").get("/issues").json()["issues"]) == 4  # not the sensitive one
    assert signed_in("power").get("/issues").json()["issues"] == []
    assert signed_in("grid1").get("/issues").status_code == 403
    assert len(duty.get("/issues", state=["reported", "accepted"]).json()["issues"]) == 5


def test_reference_names_everything(desk: Desk, duty: Browser) -> None:
    found = duty.get("/reference").json()
    assert (len(found["catalogue"]), len(found["channels"])) == (128, 23)
    with_liaison = {unit["code"] for unit in found["units"] if unit["has_liaison"]}
    bodies = {"law_enforcement", "power", "housing", "police", "human_resources", "township"}
    assert with_liaison == bodies | {"community_001001"}
    assert found["cells"]["path"] == desk.built.root
    assert {ground["code"] for ground in found["decline_grounds"]} >= {"not_in_jurisdiction"}


def test_a_system_reads_the_codes_that_a_refusal_sends_it_to(desk: Desk) -> None:
    key = make_api_client(desk.built.id, "热线", ["hotline_12345"])
    system = Browser(Client(headers={"Authorization": f"Bearer {key}"}))
    refused = system.post("/reports", report_body(item="9999")).json()
    assert "/api/v1/reference" in refused["remedy"]
    assert len(system.get("/reference").json()["catalogue"]) == 128
    assert system.get("/issues").status_code == 401


def test_the_document_of_the_api_is_complete(duty: Browser) -> None:
    paths = json.loads(duty.get("/openapi.json").content)["paths"]
    for path in ("/api/v1/reports", "/api/v1/issues/{issue_id}/dispatch", "/api/v1/orders/{order_id}/acknowledge"):
        assert "422" in paths[path]["post"]["responses"]


def test_the_document_is_a_file_that_is_built_for_nobody(desk: Desk) -> None:
    with patch.object(api, "get_openapi_schema", side_effect=AssertionError("built at a call")):
        first = Client().get("/api/v1/openapi.json", headers={"Accept-Encoding": "gzip"})
        again = Client().get("/api/v1/openapi.json", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, first["Content-Encoding"], first["Content-Type"]) == (200, "gzip", "application/json")
    assert json.loads(gzip.decompress(first.content)) == json.loads(DOCUMENT.read_text())
    assert (again.status_code, again.content) == (304, b"")
    assert Client().post("/api/v1/openapi.json").status_code == 405


def test_a_member_reads_what_the_member_reported_and_no_more(desk: Desk, duty: Browser) -> None:
    member = signed_in("grid1")
    own, others = member.reports(), duty.reports()
    assert member.get(f"/issues/{own}").json()["reports"][0]["text"]
    assert member.get(f"/issues/{others}").status_code == 404


def test_each_shape_of_the_api_has_a_name_of_its_own() -> None:
    """Of two shapes with one name the document would show one, for both."""
    shapes, found = [Schema], list[type]()
    while shapes:
        shapes = [each for shape in shapes for each in shape.__subclasses__()]
        found += shapes
    names = Counter(shape.__name__ for shape in set(found) if shape.__name__.endswith(("In", "Out")))
    assert [name for name, count in names.items() if count > 1] == []


def test_snapshot_and_object_over_http_hold_what_the_actions_told(real_desk: Desk) -> None:
    duty = signed_in("duty1")
    issue_id = real_desk.dispatched(position=real_desk.inside())
    snapshot = duty.get("/snapshot").json()
    kinds = sorted(found["kind"] for found in snapshot["objects"])
    assert kinds == ["call", "issue", "order", "report"]
    [issue] = [found for found in snapshot["objects"] if found["kind"] == "issue"]
    assert UUID(issue["id"]) == issue_id
    assert duty.get(f"/objects/issue/{issue_id}").json() == issue
