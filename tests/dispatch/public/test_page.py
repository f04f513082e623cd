"""The doors without an account: danger first, unverified until accepted, followed by a query code, never too often."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from command.settings.actions import change
from dispatch.doors.limits import doorkeeper, forget_knocks
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Ground
from dispatch.matter.reports.models import KnockCount, Report
from gis.grid.models import Cell
from realtime.feed.optional_redis import OptionalRedis
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch.browser import signed_in
from tests.dispatch.desk import DOMESTIC_VIOLENCE, Desk
from tests.dispatch.public.page import TEXT, Page, grid_of

NAME, PHONE = "王建国", "13812341234"


@pytest.mark.mechanism("M09")
def test_the_page_says_whom_to_call_before_anything_else(desk: Desk, page: Page) -> None:
    grid = grid_of(desk)
    answer = page.get(f"/grids/{grid.code}")
    assert answer.status_code == 200
    said = answer.json()
    assert (said["grid"], said["centre"]) == (grid.name, "河湾区综治中心")
    assert [call["number"] for call in said["emergency"]["calls"]] == ["110", "119", "120"]
    assert "请先拨打 110" in said["emergency"]["text"]
    assert len(said["items"]) == 128
    assert page.get("/grids/000000000000000").json()["code"] == "grid.not_found"


@pytest.mark.mechanism("M09")
def test_a_report_by_the_page_arrives_unverified_at_its_grid(desk: Desk, page: Page) -> None:
    taken = page.reports(desk, name=NAME, phone=PHONE)
    assert (taken["number"], taken["emergency"]) == ("000001", [])
    issue, report = Issue.objects.get(), Report.objects.get()
    assert (issue.state, issue.channel, issue.item, issue.place) == (
        "reported",
        "public_qr",
        "1901",
        grid_of(desk).path,
    )
    assert (report.placing, report.by, report.answerable) == ("no_position", "public:page", True)
    [card] = [json.loads(fact.bytes)["card"] for fact in all_facts(desk.built.id) if fact.name == "report.received"]
    assert card["unverified"] is True
    issues.accept(issue.pk, cmd=desk.command("duty1"))
    [card] = [json.loads(fact.bytes)["card"] for fact in all_facts(desk.built.id) if fact.name == "report.relayed_up"]
    assert card["unverified"] is False


def test_words_of_danger_are_answered_with_a_number_to_call(desk: Desk, page: Page) -> None:
    taken = page.reports(desk, text="三楼有人持刀打人，地上流血了", item=DOMESTIC_VIOLENCE)
    assert [call["number"] for call in taken["emergency"]] == ["110", "120"]


def test_a_repeated_key_gets_the_same_number_and_code(desk: Desk, page: Page) -> None:
    key = str(uuid4())
    first, second = (page.post("/reports", {"grid": grid_of(desk).code, "text": TEXT}, key=key) for _ in range(2))
    assert first.content == second.content
    assert Issue.objects.count() == 1


def test_a_text_that_sounds_like_nothing_is_asked_for_its_item(desk: Desk, page: Page) -> None:
    answer = page.post("/reports", {"grid": grid_of(desk).code, "text": "嗯"})
    assert (answer.status_code, answer.json()["code"]) == (422, "report.item_needed")


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [({"name": "45991"}, "name.not_a_name", "name"), ({"phone": "不详"}, "person.phone_invalid", "phone")],
)
def test_what_is_no_name_and_no_number_is_told_at_its_field(
    desk: Desk, page: Page, more: dict[str, Any], code: str, field: str
) -> None:
    refused = page.post("/reports", {"grid": grid_of(desk).code, "text": TEXT, **more})
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, field)
    assert "不填" in refused.json()["remedy"] and not Issue.objects.exists()


def test_what_a_form_filler_fills_in_refuses_nobody(desk: Desk, page: Page) -> None:
    answer = page.post("/reports", {"grid": grid_of(desk).code, "text": TEXT, "website": "https://example.org"})
    assert answer.status_code == 201, answer.content


@pytest.mark.mechanism("M116")
def test_a_body_of_far_too_many_parts_is_one_fault_not_thousands(desk: Desk, page: Page) -> None:
    given = {"grid": grid_of(desk).code, "text": TEXT}
    refused = page.post("/reports", given | {f"part{number}": 1 for number in range(99)})
    assert (refused.status_code, refused.json()["code"]) == (422, "request.too_many_parts")
    assert "faults" not in refused.json()
    misspelt = page.post("/reports", given | {"txet": TEXT}).json()
    assert (misspelt["code"], misspelt["field"]) == ("request.invalid", "txet")


def test_who_has_the_query_code_follows_the_report_without_an_account(desk: Desk, page: Page) -> None:
    taken = page.reports(desk, name=NAME, phone=PHONE)
    code = taken["query_code"]
    found = page.looks_up(code)
    assert (found["number"], found["state_zh"], found["may"][0]) == ("000001", "待受理", "add")
    typed = code.lower().replace("-", " ").replace("0", "o")
    assert page.looks_up(typed)["number"] == "000001"
    report = Report.objects.get()
    signed_in("duty1").post(f"/reports/{report.pk}/replies", {"channel": "page", "text": "已派人前往，今晚修复。"})
    page.post("/add", {"query_code": code, "text": "又坏了一盏"})
    found = page.looks_up(code)
    assert [reply["text"] for reply in found["replies"]] == ["已派人前往，今晚修复。"]
    assert [addition["text"] for addition in found["additions"]] == ["又坏了一盏"]
    told = json.dumps(found, ensure_ascii=False)
    assert not [word for word in (NAME, PHONE, "林晓舟", "person:", TEXT) if word in told]
    wrong = page.post("/lookup", {"query_code": "0000-0000-0000"})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "query_code.not_found")


def test_words_of_danger_that_come_later_are_answered_with_whom_to_call(desk: Desk, page: Page) -> None:
    code = page.reports(desk)["query_code"]
    calm, danger = (
        page.post("/add", {"query_code": code, "text": text}).json() for text in ("又坏了一盏", "孩子不见了，有人晕倒")
    )
    assert calm["emergency"] == []
    assert danger["emergency"] == [
        {"number": "110", "name_zh": "公安报警"},
        {"number": "120", "name_zh": "医疗急救"},
    ]
    assert page.looks_up(code)["emergency"] == []
    left = page.post("/withdraw", {"query_code": code, "reason": "他要跳楼，来不及了"}).json()
    assert [call["number"] for call in left["emergency"]] == ["110", "119", "120"]


def test_reconsideration_is_asked_once_and_only_of_a_declined_issue(desk: Desk, page: Page) -> None:
    code = page.reports(desk)["query_code"]
    body = {"query_code": code, "reason": "确在本区"}
    early = page.post("/reconsider", body)
    assert (early.status_code, early.json()["code"]) == (409, "reporter.not_open")
    issue = Issue.objects.get()
    issues.decline(issue.pk, Ground.NOT_IN_JURISDICTION, "不属本区", expected=issue.version, cmd=desk.command("duty1"))
    assert page.looks_up(code)["may"] == ["reconsider"]
    assert page.post("/reconsider", body).status_code == 200
    again = page.post("/reconsider", body)
    assert (again.status_code, again.json()["code"]) == (409, "reconsideration.asked_before")
    assert [fact.name for fact in all_facts(desk.built.id)].count("report.reconsideration_asked") == 1


def test_a_rating_is_given_once_after_closing(desk: Desk, page: Page) -> None:
    code = page.reports(desk)["query_code"]
    early = page.post("/rate", {"query_code": code, "score": 5})
    assert (early.status_code, early.json()["code"]) == (409, "reporter.not_open")
    assert page.post("/rate", {"query_code": code, "score": 6}).status_code == 422
    desk.closes(Issue.objects.get().pk)
    assert page.looks_up(code)["may"] == ["rate"]
    assert page.post("/rate", {"query_code": code, "score": 5, "text": "很快"}).json()["rating"] == 5
    again = page.post("/rate", {"query_code": code, "score": 1})
    assert (again.status_code, again.json()["code"]) == (409, "rating.given_before")


def sets(desk: Desk, **values: int | str) -> None:
    """An administrator's settings."""
    for name, value in values.items():
        change(name, value, expected=0, cmd=desk.command("admin"))


@pytest.mark.mechanism("M09")
def test_one_source_may_not_report_without_end_and_is_told_why_and_when_again(desk: Desk, page: Page) -> None:
    sets(desk, resident_reports_per_hour=3, centre_phone="0571-12345")
    for _ in range(3):
        page.reports(desk)
    refused = page.post("/reports", {"grid": grid_of(desk).code, "text": TEXT})
    assert (refused.status_code, refused.json()["code"]) == (429, "public.too_often")
    assert refused["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused["Retry-After"]) <= 3600
    assert "您所在的网络 1 小时内上报超过 3 件" in refused.json()["detail"]
    assert "110" in refused.json()["remedy"] and "0571-12345" in refused.json()["remedy"]
    Page(address="203.0.113.8").reports(desk)  # another source is not kept out
    assert Issue.objects.count() == 4


def test_a_grid_may_not_be_flooded_from_many_sources(desk: Desk) -> None:
    sets(desk, resident_reports_per_grid_hour=5)
    for number in range(5):
        Page(address=f"198.51.100.{number}").reports(desk)
    refused = Page(address="198.51.100.61").post("/reports", {"grid": grid_of(desk).code, "text": TEXT})
    assert refused.status_code == 429
    assert "本网格" in refused.json()["detail"]


def test_who_knocks_without_end_does_not_close_the_grid_to_the_others(desk: Desk, page: Page) -> None:
    sets(desk, resident_reports_per_hour=3, resident_reports_per_grid_hour=10)
    asked = {"grid": grid_of(desk).code, "text": TEXT}
    answers = [page.post("/reports", asked).status_code for _ in range(20)]
    assert answers == [201] * 3 + [429] * 17
    assert Page(address="203.0.113.8").post("/reports", asked).status_code == 201


@pytest.mark.parametrize(
    "fault",
    [{"text": "嗯"}, {"text": ""}, {"photos": [str(UUID(int=7))]}, {"item": "9999"}, {"phone": "1" * 60}],
    ids=["no item", "no text", "unknown photo", "unknown item", "too long"],
)
def test_what_was_refused_does_not_count(desk: Desk, page: Page, fault: dict[str, Any]) -> None:
    sets(desk, resident_reports_per_hour=2, resident_reports_per_grid_hour=2)
    asked = {"grid": grid_of(desk).code, "text": TEXT}
    assert {page.post("/reports", asked | fault).status_code for _ in range(10)} <= {409, 422}
    assert [page.post("/reports", asked).status_code for _ in range(3)] == [201, 201, 429]


def test_a_repeat_does_not_count_and_is_answered_when_the_limit_is_reached(desk: Desk, page: Page) -> None:
    sets(desk, resident_reports_per_hour=2)
    asked = {"grid": grid_of(desk).code, "text": TEXT}
    first = [page.post("/reports", asked, key="one") for _ in range(5)]
    assert {answer.content for answer in first} == {first[0].content}
    assert page.post("/reports", asked).status_code == 201
    assert page.post("/reports", asked).status_code == 429
    assert page.post("/reports", asked, key="one").content == first[0].content


def test_a_grid_that_is_full_uses_nothing_up_of_an_address(desk: Desk, page: Page) -> None:
    sets(desk, resident_reports_per_hour=3, resident_reports_per_grid_hour=1)
    grids = list(Cell.objects.filter(centre_id=desk.built.id, tier="grid").order_by("path"))
    page.reports(desk)
    for _ in range(5):
        assert page.post("/reports", {"grid": grids[0].code, "text": TEXT}).status_code == 429
    assert page.post("/reports", {"grid": grids[1].code, "text": TEXT}).status_code == 201


def test_opening_the_page_is_free(desk: Desk, page: Page) -> None:
    path = f"/grids/{grid_of(desk).code}"
    assert {page.get(path).status_code for _ in range(200)} == {200}
    page.reports(desk)


def test_query_codes_can_not_be_tried_out_and_nobody_is_shut_out_by_who_tries(desk: Desk, page: Page) -> None:
    code = page.reports(desk)["query_code"]
    answers = [page.post("/lookup", {"query_code": f"0000-0000-{number:04}"}).status_code for number in range(32)]
    assert answers == [404] * 30 + [429] * 2
    assert page.post("/lookup", {"query_code": code}).status_code == 200  # a neighbour behind the same address


def test_adding_is_counted_by_report_and_not_by_address(desk: Desk, page: Page) -> None:
    first, second = page.reports(desk)["query_code"], page.reports(desk)["query_code"]
    answers = [page.post("/add", {"query_code": first, "text": f"补充 {n}"}).status_code for n in range(25)]
    assert 429 not in answers[:20]
    assert page.post("/add", {"query_code": second, "text": "补充"}).status_code == 200


@pytest.mark.parametrize("redis_is_there", [True, False])
def test_the_desk_is_told_how_many_are_turned_away(
    desk: Desk, page: Page, redis_is_there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if redis_is_there:
        monkeypatch.setattr(doorkeeper, "redis", OptionalRedis(settings.ENV.redis_url, timeout_s=60.0))
    sets(desk, resident_reports_per_hour=1)
    duty = signed_in("duty1")
    before = duty.get("/public-doors").json()["times"]
    page.reports(desk)
    for _ in range(4):
        page.post("/reports", {"grid": grid_of(desk).code, "text": TEXT})
    assert duty.get("/public-doors").json() == {"times": before + 4, "minutes": 10}
    for number in range(40):
        page.post("/lookup", {"query_code": f"0000-0000-{number:04}"})
    assert duty.get("/public-doors").json()["times"] == before + 4  # who mistypes a code is not turned away
    for username in ("leader", "town", "grid1", "chengguan"):
        assert signed_in(username).get("/public-doors").status_code == 403


def test_the_sign_says_where_it_leads_to_or_that_nobody_has_said(desk: Desk, page: Page) -> None:
    path = f"/grids/{grid_of(desk).code}"
    assert page.get(path).json()["public_url"] == ""
    sets(desk, public_url="https://zz.example.gov.cn/")
    answer = page.client.get(f"/api/v1/public{path}", headers={"Host": "10.0.0.5:8060"})
    assert answer.json()["public_url"] == "https://zz.example.gov.cn"
    duty = signed_in("duty1")
    duty.reports()
    report = Report.objects.get()
    assert duty.get(f"/reports/{report.pk}/receipt").json()["url"] == "https://zz.example.gov.cn/r/"


def test_counts_name_nobody_and_are_forgotten(desk: Desk, page: Page) -> None:
    page.reports(desk)
    assert all(page.address.encode() not in bytes(row.who) for row in KnockCount.objects.all())
    KnockCount.objects.update(until="2026-01-01T00:00:00Z")
    assert forget_knocks() >= 2
    assert not KnockCount.objects.exists()


def test_a_reporter_takes_the_matter_back_once(desk: Desk, page: Page) -> None:
    code = page.reports(desk)["query_code"]
    body = {"query_code": code, "reason": "已经自己修好了"}
    found = page.post("/withdraw", body)
    assert found.status_code == 200, found.content
    assert found.json()["withdrawn"] is True
    assert "withdraw" not in found.json()["may"]
    assert page.post("/withdraw", body).status_code == 409
    assert Issue.objects.get().state == "reported"  # the desk decides: it closes, or goes on
    assert [fact.name for fact in all_facts(desk.built.id)][-1] == "issue.withdrawn"


def test_a_refusal_by_the_page_names_nobody_of_the_centre(desk: Desk, page: Page) -> None:
    code = page.reports(desk)["query_code"]
    desk.closes(Issue.objects.get().pk)
    refused = page.post("/withdraw", {"query_code": code, "reason": "已经自己修好了"})
    assert (refused.status_code, refused.json()["code"]) == (409, "issue.not_open")
    assert "林晓舟" not in refused.content.decode()
    assert refused.json().get("by") is None


def test_a_reporter_reads_why_the_report_was_declined(desk: Desk, page: Page) -> None:
    code = page.reports(desk)["query_code"]
    desk.declined(Issue.objects.get().pk)
    told = page.looks_up(code)["replies"]
    assert [(reply["channel"], reply["text"]) for reply in told] == [("page", "不予受理（不属本区管辖）：不属本区")]


def test_the_desk_reads_what_passed_with_the_reporter_and_sees_the_photos(desk: Desk, page: Page) -> None:
    code = page.reports(desk)["query_code"]
    page.post("/add", {"query_code": code, "text": "请打 13812341234"})
    issue = Issue.objects.get()
    duty = signed_in("duty1")
    duty.post(f"/reports/{Report.objects.get().pk}/replies", {"channel": "telephone", "text": "已回电 13812341234"})
    detail = duty.get(f"/issues/{issue.pk}").json()
    assert [reply["text"] for reply in detail["replies"]] == ["已回电 138****1234"]
    assert [addition["text"] for addition in detail["additions"]] == ["请打 138****1234"]
    assert (detail["ratings"], detail["photos"]) == ([], [])
