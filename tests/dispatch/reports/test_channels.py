"""What a channel may bring, at every door: the notes of the channels' list are rules, and the refusal says which."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from command.channels.contract import ChannelRule, listed
from command.channels.models import Channel
from command.people.actions import make_api_client
from dispatch.matter.issues.models import Issue
from dispatch.matter.texts.police_matters import police_matter_in
from tests.dispatch.browser import Browser, report_body, signed_in
from tests.dispatch.desk import Desk
from tests.dispatch.reports.test_batch import pushes

IDENTITY = "330501199001011234"
CERTAIN = "33050119900101123X"  # its check digit is right
RUNNING = "330502202611300005"  # region, day, number of the day: the check digit would be right
PLAIN = {"item": "0206", "text": "楼上漏水，邻里争执，请协调。", "reporter": None, "address": "和平路12号"}


def system(desk: Desk, channel: str) -> Browser:
    """Another system with a key for this channel."""
    key = make_api_client(desk.built.id, str(uuid4()), [channel])
    return Browser(Client(headers={"Authorization": f"Bearer {key}"}))


def body(channel: str, **more: Any) -> dict[str, Any]:
    """A report that every channel may bring, but for what `more` says."""
    return report_body(channel=channel, **PLAIN | more)


PARTY = [{"name": "李四海"}]
REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("police_source", {"item": "1801", "text": "两人打架斗殴"}, "report.police_matter", "item"),
    ("police_source", {"item": "1801"}, "report.police_matter", "item"),
    ("police_source", {"item": "0103", "text": "夫妻争执"}, "report.police_matter", "item"),
    ("police_source", {"text": "邻里口角，继而打架"}, "report.police_matter", "text"),
    ("police_source", {"text": "打 架 斗 殴"}, "report.police_matter", "text"),
    ("police_source", {"text": "电动车被\u200b盗"}, "report.police_matter", "text"),
    ("police_source", {"text": "有人聚众赌博"}, "report.police_matter", "text"),
    ("police_source", {"text": "怀疑是电信诈骗"}, "report.police_matter", "text"),
    ("police_source", {"text": f"当事人身份证{IDENTITY}"}, "report.identity_barred", "text"),
    ("police_source", {"reporter": {"name": f"张三{IDENTITY}"}}, "report.identity_barred", "reporter.name"),
    ("police_source", {"reporter": {"phone": IDENTITY}}, "report.identity_barred", "reporter.phone"),
    ("police_source", {"text": "小区有人被杀"}, "report.police_matter", "text"),
    ("police_source", {"parties": PARTY}, "report.parties_barred", "parties.0"),
    ("police_source", {"parties": [{"note": "楼上"}, {"phone": "13812341234"}]}, "report.parties_barred", "parties.1"),
    ("video_alert", {"text": f"人员聚集，其中张三 {IDENTITY}"}, "report.identity_barred", "text"),
    ("video_alert", {"text": "３３０５０１　１９９００１０１　１２３Ｘ"}, "report.identity_barred", "text"),
    ("video_alert", {"text": "车辆浙E·12345占道"}, "report.identity_barred", "text"),
    ("video_alert", {"text": "走失人员姓名：张三"}, "report.identity_barred", "text"),
    ("video_alert", {"text": "车主李四 停车占道"}, "report.identity_barred", "text"),
    ("video_alert", {"text": "阿卜杜拉·买买提在路口"}, "report.identity_barred", "text"),
    ("iot_alert", {"text": "当事人张三（男，40岁）"}, "report.identity_barred", "text"),
    ("video_alert", {"text": "人员聚集，联系 138.1234.1234"}, "report.identity_barred", "text"),
    ("video_alert", {"address": "和平路12号，张先生 13812341234"}, "report.identity_barred", "address"),
    ("video_alert", {"reporter": {"name": "张三"}}, "report.identity_barred", "reporter.name"),
    ("video_alert", {"reporter": {"phone": "13812341234"}}, "report.identity_barred", "reporter.phone"),
    ("video_alert", {"parties": PARTY}, "report.identity_barred", "parties.0.name"),
    ("video_alert", {"parties": [{"note": "车牌浙E12345"}]}, "report.identity_barred", "parties.0.note"),
    ("video_alert", {"source_number": CERTAIN}, "report.identity_barred", "source_number"),
    ("video_alert", {"source_number": "告警－330501 19900101 123x"}, "report.identity_barred", "source_number"),
    ("iot_alert", {"source_number": f"CAM1-{CERTAIN}"}, "report.identity_barred", "source_number"),
    ("police_source", {"source_number": CERTAIN}, "report.identity_barred", "source_number"),
    ("video_alert", {"photos": [str(uuid4())]}, "report.pictures_barred", "photos"),
    ("video_alert", {"address": None}, "report.place_needed", "position"),
    ("iot_alert", {"text": "烟感报警，户主：王强"}, "report.identity_barred", "text"),
    ("iot_alert", {"reporter": {"name": "王强"}}, "report.identity_barred", "reporter.name"),
    ("opinion_monitoring", {}, "report.by_hand", "channel"),
    ("feedback_box", {}, "report.by_hand", "channel"),
]


@pytest.mark.parametrize(("channel", "more", "code", "field"), REFUSED)
def test_what_a_channel_may_not_bring_is_refused_one_by_one_and_in_a_batch(
    desk: Desk, channel: str, more: dict[str, Any], code: str, field: str
) -> None:
    asked = body(channel, **more)
    refused = system(desk, channel).post("/reports", asked)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, field)
    assert listed()[channel].name_zh in refused.json()["detail"]
    assert refused.json()["rule"] and refused.json()["remedy"]
    assert IDENTITY not in refused.content.decode() and CERTAIN not in refused.content.decode()
    key = make_api_client(desk.built.id, "系统", [channel])
    [line] = pushes(key, [{"source_number": "1"} | asked]).json()["rows"]
    assert (line["status"], line["problem"]["code"], line["problem"]["field"]) == (422, code, field)
    assert not Issue.objects.exists()


@pytest.mark.parametrize(
    ("channel", "more"),
    [
        ("police_source", {"reporter": {"name": "王建国", "phone": "13812341234"}}),
        ("police_source", {"text": "邻里争执，未发生打架，请协调漏水。"}),
        ("police_source", {"text": "请到小区作防诈骗宣传。"}),
        ("police_source", {"text": "楼上打架子鼓，吵得睡不着。"}),
        ("police_source", {"parties": [{"note": "楼上住户"}]}),
        ("video_alert", {"text": "2026年11月30日8时，河埠头有人落水，水位1.5米。"}),
        ("iot_alert", {"text": "烟感设备 202611020001 报警", "position": None}),
        ("hotline_12345", {"parties": PARTY, "text": f"打架 {IDENTITY}"}),
        ("court_source", {"parties": PARTY, "text": "打架赔偿"}),
        ("video_alert", {"source_number": IDENTITY}),
        ("video_alert", {"source_number": RUNNING}),
        ("court_source", {"source_number": CERTAIN}),
    ],
)
def test_what_it_may_bring_comes_in(desk: Desk, channel: str, more: dict[str, Any]) -> None:
    taken = system(desk, channel).post("/reports", body(channel, **more))
    assert taken.status_code == 201, taken.content


def test_the_desk_keeps_the_same_rules_but_for_what_only_systems_may_not(desk: Desk) -> None:
    duty = signed_in("duty1")
    for channel, more in (("opinion_monitoring", {}), ("feedback_box", {"parties": PARTY})):
        assert duty.post("/reports", body(channel, **more)).status_code == 201
    for channel, more, code in (
        ("police_source", {"item": "1801"}, "report.police_matter"),
        ("opinion_monitoring", {"text": "网友张三先生发帖"}, "report.identity_barred"),
        ("opinion_monitoring", {"reporter": {"name": "网友"}}, "report.identity_barred"),
        ("video_alert", {"text": f"落水者 {IDENTITY}"}, "report.identity_barred"),
    ):
        refused = duty.post("/reports", body(channel, **more))
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert duty.post("/reports", body("police_source", parties=PARTY)).status_code == 201


@pytest.mark.parametrize(
    ("channel", "confidential", "protected"),
    [
        ("hotline_12338", None, True),
        ("hotline_12355", None, True),
        ("hotline_12338", False, False),
        ("hotline_12345", True, True),
        ("hotline_12345", None, False),
        ("window_visit", True, True),
    ],
)
def test_who_told_in_confidence_is_shown_to_nobody(
    desk: Desk, channel: str, confidential: bool | None, protected: bool
) -> None:
    duty = signed_in("duty1")
    reporter = {"name": "王建国", "phone": "13812341234"}
    asked = report_body(
        channel=channel,
        text="我是王 建国，请打 138-1234-1234，或打邻居 13912345678。",
        reporter=reporter if confidential is None else reporter | {"confidential": confidential},
    )
    issue_id = UUID(duty.post("/reports", asked).json()["object"]["id"])
    masked = duty.get(f"/issues/{issue_id}")
    revealed = duty.post(f"/issues/{issue_id}/reveal", {"reason": "回访"})
    [shown], [clear] = masked.json()["reports"], revealed.json()["reports"]
    assert shown["protected"] is clear["protected"] is protected
    if protected:
        for told in (masked.content.decode(), revealed.content.decode()):
            assert not any(word in told for word in ("王", "建国", "1234-1234", "13812341234"))
        assert clear["reporter"] == {"name": "**", "phone": "**"}
        assert clear["text"] == "我是**，请打 **，或打邻居 13912345678。"
    else:
        assert shown["reporter"]["name"] == "王**"
        assert (clear["reporter"]["name"], clear["text"]) == ("王建国", asked["text"])


def test_every_rule_of_the_list_is_a_centres_rule(desk: Desk) -> None:
    kept = {row.code: frozenset(row.rules) for row in Channel.objects.filter(centre_id=desk.built.id)}
    assert kept == {code: channel.rules for code, channel in listed().items()}
    assert {rule for rules in kept.values() for rule in rules} == set(ChannelRule)


def test_a_centre_gives_a_channel_more_rules_and_takes_no_listed_one_away(desk: Desk) -> None:
    admin = signed_in("admin")
    rows = {row["code"]: row for row in admin.get("/admin/channels").json()}
    police, hotline = rows["police_source"], rows["hotline_12345"]
    refused = admin.post(
        f"/admin/channels/{police['id']}/amend",
        {"name_zh": police["name_zh"], "reporter_known": True, "rules": []},
        version=police["version"],
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "channel.rule_kept")
    amended = admin.post(
        f"/admin/channels/{hotline['id']}/amend",
        {"name_zh": hotline["name_zh"], "reporter_known": True, "rules": ["place_needed"]},
        version=hotline["version"],
    )
    assert amended.status_code == 200, amended.content
    asked = body("hotline_12345", address=None)
    assert signed_in("duty1").post("/reports", asked).json()["code"] == "report.place_needed"
    kept = admin.post(
        f"/admin/channels/{hotline['id']}/amend",
        {"name_zh": hotline["name_zh"], "reporter_known": True},
        version=hotline["version"] + 1,
    )
    assert kept.status_code == 200
    assert Channel.objects.get(pk=hotline["id"]).rules == ["place_needed"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("两人斗殴", "斗殴"),
        ("被打了一顿", "被打"),
        ("动手打人", "动手打"),
        ("有人打人", "打人"),
        ("水管被抢修", None),
        ("打了群架", "群架"),
        ("没有人打架", "打架"),
        ("被打扰到休息", None),
        ("窗户被打碎", None),
        ("请拨打人工电话", None),
        ("未打架", None),
        ("没有发生斗殴", None),
        ("防盗门被撬，屋内遭盗窃", "盗窃"),
        ("反诈骗", None),
        ("打·架", "打架"),
        ("有人群毆", "群殴"),
        ("被骗了三万元", "被骗"),
        ("两人动手了", "动手了"),
        ("跟踪尾随女孩", "跟踪尾随"),
        ("防骗宣传", None),
        ("路灯不亮", None),
    ],
)
def test_words_of_criminal_and_public_order_cases(text: str, word: str | None) -> None:
    assert police_matter_in(text) == word
