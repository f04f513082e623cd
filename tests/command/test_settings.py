"""Settings of a centre: defaults, bounds, history; a change begins now, rewrites nothing. Rules: ⚙ in docs/rules.md."""

import json
from uuid import uuid4

import pytest

from command.settings import actions, queries
from command.settings.registry import DEFINITIONS, Settings, Value, checked
from demo.seed.centre import BuiltCentre
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion, VersionRequired
from realtime.feed.queries import all_facts
from server.centre_settings import script
from tests.command.conftest import command
from tests.dispatch.browser import signed_in

# By hand from docs/rules.md: every ⚙ that the daily loop asks for.
DEFAULTS = {
    "dispatch_within_h": 24,
    "redispatch_within_h": 24,
    "rework_within_h": 48,
    "handling_general_days": 5,
    "handling_major_days": 15,
    "downgrade_floor_h": 24,
    "amber_share": 80,
    "suspend_max_days": 30,
    "suspend_warn_percent": 80,
    "archive_after_days": 30,
    "relay_next_contact_percent": 50,
    "relay_lead_percent": 80,
    "backfill_days": 7,  # rules.md, "Whose time"
    "hop_budget_min": 15,
    "answer_wanted_days": 30,
    "unseen_kept_days": 14,
    "township_accepts": False,
    "situation_kept_days": 90,
    "resident_reports_per_hour": 60,
    "resident_reports_per_grid_hour": 240,
    "public_url": "",
    "session_hours": 24,
    "draft_kept_days": 7,
    "disk_warn_percent": 80,
    "far_point_km": 300,
    "message_chars": 1000,
    "messages_per_hour": 60,
    "message_answer_days": 30,
    "centre_phone": "",
    "call_new_orders": True,
    "call_forwards": True,
    "call_urgent_reports": True,
    "call_returns": True,
    "call_dangers": True,
    "call_receiver_wait_min": 5,
    "call_messages": True,
    "call_verification_at": "08:30",
    "call_liaison_wait_min": 10,
    "call_deputy_wait_min": 10,
    "call_head_wait_min": 10,
    "call_desk_wait_min": 5,
    "call_urgent_wait_min": 3,
    "call_again_min": 10,
    "call_outside_after_s": 30,
    "call_outside_tries": 3,
    "call_attempts_kept_days": 90,
}


def test_the_defaults_are_the_rules_figures():
    assert {name: definition.default for name, definition in DEFINITIONS.items()} == DEFAULTS
    assert {name: getattr(Settings(), name) for name in DEFAULTS} == DEFAULTS


def test_every_default_lies_within_its_bounds():
    for name, definition in DEFINITIONS.items():
        assert checked(name, definition.default, Settings()) == definition.default


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dispatch_within_h", 0),
        ("dispatch_within_h", "24"),
        ("dispatch_within_h", True),
        ("suspend_warn_percent", 100),
        ("township_accepts", 1),
        ("centre_phone", "0" * 41),
        ("centre_phone", "0571\n110"),
        ("relay_next_contact_percent", 80),
        ("relay_lead_percent", 50),
        ("no_such_setting", 1),
        ("public_url", "zz.example.gov.cn"),
        ("public_url", "ftp://zz.example.gov.cn"),
        ("public_url", "javascript:alert(1)"),
        ("public_url", "https://"),
        ("public_url", "https://zz.example.gov.cn/r/330199"),
        ("public_url", "https://zz.example.gov.cn?x=1"),
        ("public_url", "https://zz.example.gov.cn#x"),
        ("public_url", "https://user:secret@zz.example.gov.cn"),
        ("public_url", "https://zz.example.gov.cn:99999"),
        ("public_url", "https://综治 中心"),
        ("public_url", "http://localhost:8060"),
        ("public_url", "http://127.0.0.2:8060"),
        ("public_url", "http://[::1]:8060"),
        ("public_url", "http://0.0.0.0"),
        ("public_url", "http://intranet"),
        ("public_url", "http://desk.local"),
        ("public_url", "https://0x7f.1"),
        ("public_url", "https://0x7f000001"),
        ("public_url", "http://2130706433:8060"),
        ("public_url", "https://0177.0.0.1"),
        ("public_url", "https://127.1"),
        ("public_url", "https://010.12.0.4"),
        ("public_url", "https://[::ffff:127.0.0.2]"),
        ("public_url", "https://zz.example.0x"),
        ("public_url", "https://zz..example'.cn"),
    ],
)
def test_what_lies_outside_is_refused(name: str, value: Value):
    with pytest.raises(Invalid):
        checked(name, value, Settings())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://ZZ.example.gov.cn/", "https://zz.example.gov.cn"),
        (" http://10.12.0.4:8060 ", "http://10.12.0.4:8060"),
        ("http://[2001:db8::4]:8060", "http://[2001:db8::4]:8060"),
        ("http://127.0.0.1:8060", "http://127.0.0.1:8060"),  # the demonstration's
        ("https://综治.中国", "https://综治.中国"),
        ("", ""),
    ],
)
def test_a_public_address_is_one_that_a_telephone_opens(given: str, kept: str):
    assert checked("public_url", given, Settings()) == kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("public_url", "https://zz.example.gov.cn/" + "a" * 350, "有 376 个字，不超过 200 个"),
        ("centre_phone", "0" * 41, "有 41 个字，不超过 40 个"),
        ("centre_phone", "0572\x00", "不可显示的字符"),
        ("centre_phone", 110, "须为文字"),
        ("township_accepts", "是", "须为是或否"),
        ("archive_after_days", "30", "须为整数"),
        ("archive_after_days", 10**30, "须在 1 至 365 天 之间"),
        ("archive_after_days", 1.5, "须为 true、false、整数或文字"),
        ("archive_after_days", None, "须为 true、false、整数或文字"),
        ("public_url", "https://0x7f.1", "改写成数字的地址"),
        ("public_url", "http://127.0.0.2", "只在本机打得开"),
    ],
)
def test_the_reason_is_the_reason(built: BuiltCentre, name: str, value: object, said: str):
    refused = signed_in("admin").post(f"/admin/settings/{name}", {"value": value}, version=0)
    assert refused.status_code == 422, refused.content
    told = refused.json()
    assert said in told["detail"] and told["field"] in (name, "value") and told["remedy"]


@pytest.mark.django_db
def test_a_change_holds_from_now_on_and_is_remembered(built: BuiltCentre):
    assert queries.settings_of(built.id) == Settings()
    actions.change("dispatch_within_h", 12, expected=0, cmd=command(built, "admin"))
    answer = actions.change("dispatch_within_h", 8, expected=1, cmd=command(built, "admin"))
    assert queries.settings_of(built.id) == Settings(dispatch_within_h=8)
    by = f"person:{built.people['admin']}"
    assert [(row.by, row.old, row.new) for row in queries.history(built.id, "dispatch_within_h")] == [
        (by, 12, 8),
        (by, 24, 12),
    ]
    told = [json.loads(row.bytes) for row in all_facts(built.id) if row.object_kind == "setting"]
    assert [(fact["name"], fact["version"], fact["body"]["from"], fact["card"]["value"]) for fact in told] == [
        ("setting.changed", 1, 24, 12),
        ("setting.changed", 2, 12, 8),
    ]
    assert json.loads(answer.body)["version"] == 2


@pytest.mark.django_db
def test_centres_decide_for_themselves(built: BuiltCentre, other: BuiltCentre):
    actions.change("township_accepts", True, expected=0, cmd=command(built, "admin"))
    assert queries.settings_of(built.id).township_accepts is True
    assert queries.settings_of(other.id).township_accepts is False


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "expected", "refusal"),
    [
        ("archive_after_days", 20, None, VersionRequired),
        ("archive_after_days", 20, 3, StaleVersion),
        ("archive_after_days", 30, 0, Conflict),
        ("archive_after_days", 0, 0, Invalid),
        ("nothing", 20, 0, NotFound),
    ],
)
def test_refusals(built: BuiltCentre, name: str, value: Value, expected: int | None, refusal: type[Exception]):
    with pytest.raises(refusal):
        actions.change(name, value, expected=expected, cmd=command(built, "admin", str(uuid4())))
    assert queries.settings_of(built.id) == Settings()


@pytest.mark.django_db
def test_only_an_administrator_sets(built: BuiltCentre):
    for username in ("duty1", "lead", "leader", "grid1", "chengguan", "town"):
        with pytest.raises(Forbidden):
            actions.change("archive_after_days", 20, expected=0, cmd=command(built, username))


def test_screens_have_each_setting_with_its_type():
    """A screen that reads one that is none, or as another type, does not compile."""
    written = script()
    types = {bool: "boolean", int: "number", str: "string"}
    for name, default in DEFAULTS.items():
        assert f"\n  {name}: {types[type(default)]}\n" in written
    assert written.count("  /** ") == len(DEFAULTS)
    assert "  /** 返工的时限: 1 to 240 小时. */\n  rework_within_h: number\n" in written
