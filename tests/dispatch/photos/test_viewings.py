"""Photos, documents and slips: opened by those who handle the issue, each opening a fact. Rules: docs/rules.md, 2."""

import io
from typing import Any
from uuid import UUID

import orjson
import pytest
from PIL import Image

from dispatch.matter.issues.keys import seal_of
from dispatch.matter.photos import store
from dispatch.matter.photos.keys import file_key
from dispatch.matter.photos.models import Photo
from dispatch.matter.reports.models import Report
from realtime.feed.contract import Audience, AudienceClass, Pair, Scope
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.browser import Browser, report_body, signed_in
from tests.dispatch.desk import Desk
from tests.dispatch.photos.pictures import photo, sends
from tests.dispatch.photos.test_documents import PDF, hands_in

HELD_BY_NOBODY_ELSE = ("leader", "town", "community", "power", "grid1", "admin")


def looks(desk: Desk) -> list[dict[str, Any]]:
    """The bodies of all records of looking, in order."""
    return [orjson.loads(fact.bytes)["body"] for fact in all_facts(desk.built.id) if fact.name == "viewing.made"]


def with_photo(desk: Desk, by: str = "duty1", **more: Any) -> tuple[UUID, str]:
    """An issue with a photo of its report: ids of both."""
    browser = signed_in(by)
    photo_id = sends(browser, photo()).json()["id"]
    return browser.reports(photos=[photo_id], **more), photo_id


def post_of(desk: Desk, username: str) -> str:
    """The id of somebody's one post."""
    [post] = desk.actor(username).posts
    return str(post.id)


def test_each_opening_is_a_fact_and_no_thumbnail_is(desk: Desk) -> None:
    issue, photo_id = with_photo(desk)
    duty = signed_in("duty2")
    for _ in range(3):
        shown = duty.get(f"/photos/{photo_id}")
        assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")
    duty.get(f"/issues/{issue}")
    duty.get(f"/photos/{photo_id}", size="thumb")
    by = f"person:{desk.built.people['duty2']}"
    expected = {"by": by, "post": post_of(desk, "duty2"), "what": "photo", "of": photo_id, "reason": "desk"}
    assert looks(desk) == [expected] * 3
    last = duty.get(f"/issues/{issue}").json()["timeline"][-1]
    assert (last["name"], last["by"]["name"]) == ("viewing.made", "苏明远")


def test_the_record_is_the_desks(desk: Desk) -> None:
    _, photo_id = with_photo(desk)
    signed_in("duty1").get(f"/photos/{photo_id}")
    [fact] = [fact for fact in all_facts(desk.built.id) if fact.name == "viewing.made"]
    audience = Audience.of_wire(orjson.loads(fact.audience)["after"])
    assert audience == Audience.of([f"place:{desk.built.root}"], AudienceClass.DESK)
    assert not Scope((Pair(f"place:{desk.built.root}", AudienceClass.PUBLIC),)).sees(audience)


@pytest.mark.parametrize("username", HELD_BY_NOBODY_ELSE)
@pytest.mark.parametrize("size", ["full", "thumb"])
def test_who_does_not_handle_it_gets_neither_picture_nor_thumbnail(desk: Desk, username: str, size: str) -> None:
    _, photo_id = with_photo(desk)
    refused = signed_in(username).get(f"/photos/{photo_id}", size=size)
    assert (refused.status_code, refused.json()["code"]) == (404, "photo.not_found")
    assert looks(desk) == []


def test_a_leader_is_told_how_many_there_are_and_not_which(desk: Desk) -> None:
    issue, photo_id = with_photo(desk)
    seen = signed_in("leader").get(f"/issues/{issue}").json()
    assert (seen["photos"], seen["files"], seen["photos_withheld"]) == ([], [], 1)
    assert photo_id not in str(seen)
    desk_sees = signed_in("duty1").get(f"/issues/{issue}").json()
    assert ([one["id"] for one in desk_sees["photos"]], desk_sees["photos_withheld"]) == ([photo_id], 0)


def test_a_unit_opens_it_while_it_has_an_order_and_after_it_is_completed(desk: Desk) -> None:
    issue, photo_id = with_photo(desk)
    unit = signed_in("chengguan")
    assert unit.get(f"/photos/{photo_id}").status_code == 404
    issues.accept(issue, cmd=desk.command("duty1"))
    issues.file(issue, expected=desk.version(issue), cmd=desk.command("duty1"))
    issues.dispatch(
        issue, desk.unit("law_enforcement"), reason="按职责", expected=desk.version(issue), cmd=desk.command("duty1")
    )
    assert unit.get(f"/photos/{photo_id}").status_code == 200
    assert looks(desk)[-1]["reason"] == "order"
    order = desk.lead(issue)
    orders.recall(order, "派错了", expected=1, cmd=desk.command("duty1"))
    assert unit.get(f"/photos/{photo_id}").status_code == 404


def test_the_member_who_reported_it_and_the_centre_that_holds_it_open_it(desk: Desk) -> None:
    member = signed_in("grid1")
    photo_id = sends(member, photo()).json()["id"]
    at = desk.inside()
    where = {"lon": at.lon, "lat": at.lat, "system": "CGCS2000"}
    sent = member.post("/reports", report_body(channel="grid_report", photos=[photo_id], position=where))
    assert sent.status_code == 201, sent.content
    assert member.get(f"/photos/{photo_id}").status_code == 200
    assert looks(desk)[-1]["reason"] == "reported"
    issue = UUID(sent.json()["object"]["id"])
    held = Report.objects.get(issue=issue).issue.responsible_id
    opened = {name: signed_in(name).get(f"/photos/{photo_id}").status_code for name in ("town", "community", "leader")}
    expected = {name: 200 if desk.unit_of(name) == held else 404 for name in ("town", "community")}
    assert opened == expected | {"leader": 404}


def test_the_place_that_settled_it_opens_it_afterwards(desk: Desk) -> None:
    at = desk.inside()
    where = {"lon": at.lon, "lat": at.lat, "system": "CGCS2000"}
    issue, photo_id = with_photo(desk, item="1401", position=where)
    town = signed_in("town")
    assert town.get(f"/photos/{photo_id}").status_code == 404  # the desk has it
    settled = town.post(f"/issues/{issue}/settle_on_spot", {"text": "双方谈妥", "consent": True}, version=1)
    assert settled.status_code == 200, settled.content
    assert town.get(f"/photos/{photo_id}").status_code == 200
    assert looks(desk)[-1]["reason"] == "held"
    assert signed_in("leader").get(f"/photos/{photo_id}").status_code == 404


def test_a_document_is_opened_by_its_order_s_units_and_the_desk_each_time_recorded(desk: Desk) -> None:
    liaison, issue = signed_in("chengguan"), desk.dispatched(assists=["power"])
    order = desk.lead(issue)
    orders.acknowledge(order, cmd=desk.command("chengguan"))
    file_id = hands_in(liaison, PDF).json()["id"]
    body = {"result": "handled", "text": "附验收单。", "files": [file_id]}
    assert liaison.post(f"/orders/{order}/feed_back", body, version=2).status_code == 200
    answers = [signed_in(name).get(f"/files/{file_id}").status_code for name in ("duty1", "chengguan", "duty1")]
    assert answers == [200, 200, 200]
    assert [one["reason"] for one in looks(desk) if one["what"] == "document"] == ["desk", "order", "desk"]
    for name in ("power", "leader", "town"):
        assert signed_in(name).get(f"/files/{file_id}").status_code == 404, name


def test_a_slip_is_recorded_each_time_it_is_taken(desk: Desk) -> None:
    duty = signed_in("duty1")
    duty.reports()
    report = Report.objects.get()
    for _ in range(2):
        assert duty.get(f"/reports/{report.pk}/receipt").json()["query_code"]
    assert [(one["what"], one["of"], one["reason"]) for one in looks(desk)] == [("slip", str(report.pk), "desk")] * 2
    assert signed_in("leader").get(f"/reports/{report.pk}/receipt").status_code == 403
    assert len(looks(desk)) == 2


def test_a_reveal_repeated_with_its_key_is_recorded_each_time(desk: Desk) -> None:
    duty = signed_in("duty1")
    issue = duty.reports()
    for _ in range(3):
        clear = duty.post(f"/issues/{issue}/reveal", {"reason": "回电核实"}, key="one")
        assert clear.json()["reports"][0]["reporter"]["phone"] == "13812341234"
    assert [fact.name for fact in all_facts(desk.built.id)].count("reveal.made") == 3
    other = duty.post(f"/issues/{issue}/reveal", {"reason": "别的原因"}, key="one")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key.reused")


def test_no_record_no_picture(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _, photo_id = with_photo(desk)

    def refuses(*_: object, **__: object) -> None:
        raise OSError("no database")

    monkeypatch.setattr("dispatch.verbs.viewing.record", refuses)
    answer = Browser(signed_in("duty1").client).client
    answer.raise_request_exception = False
    shown = answer.get(f"/api/v1/photos/{photo_id}")
    assert shown.status_code == 500
    assert not shown.content.startswith(b"\xff\xd8")


def test_a_thumbnail_is_too_small_to_read_also_one_that_was_made_larger(desk: Desk) -> None:
    _, photo_id = with_photo(desk)
    row = Photo.objects.select_related("issue").get()
    large = io.BytesIO()
    Image.new("RGB", (480, 360), (90, 120, 30)).save(large, "JPEG")
    assert row.issue_id is not None
    store.keep(row.pk, "thumb", large.getvalue(), file_key(row, seal_of(row.issue_id)))
    thumb = signed_in("duty1").get(f"/photos/{photo_id}", size="thumb")
    with Image.open(io.BytesIO(thumb.content)) as image:
        assert max(image.size) == 64
    assert "Cookie" in thumb["Vary"]
