"""Channels, catalogue, settings and clients, kept by an administrator: retired, never deleted or renumbered."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from command.catalogue.models import CatalogueItem
from command.channels.models import Channel
from demo.seed.centre import BuiltCentre
from realtime.feed import clock
from tests.command.conftest import SignsIn
from tests.command.office import Office

# Channels, catalogue


@pytest.mark.mechanism("M06")
def test_a_new_channel_brings_the_next_report(built: BuiltCentre, office: Office, sign_in: SignsIn) -> None:
    new = {"code": "wechat_group", "name_zh": "微信群", "source_family": "grid"}
    office.does("/channels", new)
    report = {"channel": "wechat_group", "item": "0601", "text": "路灯不亮"}
    desk = Office(sign_in("duty1"))

    def reports() -> Any:
        headers = {"Idempotency-Key": str(uuid4())}
        return desk.browser.post("/api/v1/reports", json.dumps(report), "application/json", headers=headers)

    assert reports().status_code == 201
    listed = desk.browser.get("/api/v1/reference").json()["channels"]
    assert {
        "code": "wechat_group",
        "name_zh": "微信群",
        "source_family": "grid",
        "retired": False,
        "added": True,
    } in listed
    row = office.named("/channels", "wechat_group")
    office.does(f"/channels/{row['id']}/retire", version=row["version"])
    assert reports().json()["code"] == "report.channel_retired"
    office.refused(409, "channel.code_taken", "/channels", new)
    office.does(f"/channels/{row['id']}/reinstate", version=2)
    assert reports().status_code == 201


def test_the_last_channel_and_a_systems_only_one_stay(built: BuiltCentre, office: Office) -> None:
    office.does("/api-clients", {"name": "物联平台", "channels": ["iot_alert"]})
    row = office.named("/channels", "iot_alert")
    said = office.refused(409, "channel.only_one_of_client", f"/channels/{row['id']}/retire", version=row["version"])
    assert "物联平台" in said["detail"]
    Channel.objects.filter(centre_id=built.id).exclude(code="iot_alert").update(retired_at=clock.at(None))
    office.refused(409, "channel.last", f"/channels/{row['id']}/retire", version=row["version"])


@pytest.mark.mechanism("M33")
def test_an_item_is_amended_for_issues_to_come(built: BuiltCentre, office: Office, sign_in: SignsIn) -> None:
    row = office.named("/catalogue", "0601")
    terms = {key: row[key] for key in ("lead_department", "co_departments", "sensitive")}
    terms |= {"level": "major", "keywords": ["路灯", "路灯", "照明"], "urgent": True, "on_scene_within_min": 20}
    path = f"/catalogue/{row['id']}/amend"
    assert "handling_days" not in row  # the level and the centre's settings say how long: no clock reads an item's own
    office.does(path, terms, version=row["version"])
    amended = office.named("/catalogue", "0601")
    assert (amended["level"], amended["keywords"], amended["version"]) == ("major", ["路灯", "照明"], 1)
    report = {"channel": "window_visit", "item": "0601", "text": "路灯不亮"}
    headers = {"Idempotency-Key": str(uuid4())}
    card = sign_in("duty1").post("/api/v1/reports", json.dumps(report), "application/json", headers=headers).json()
    assert (card["card"]["level"], card["card"]["urgent"]) == ("major", True)
    office.refused(422, "catalogue.department_unknown", path, {**terms, "lead_department": "nobody"}, version=1)
    office.refused(422, "catalogue.urgent_without_minutes", path, {**terms, "on_scene_within_min": None}, version=1)


@pytest.mark.mechanism("M33")
def test_an_item_is_retired_never_renumbered(built: BuiltCentre, office: Office) -> None:
    row = office.named("/catalogue", "0601")
    office.does(f"/catalogue/{row['id']}/retire", version=row["version"])
    new = {**row, "item_zh": "另一事项"}
    for key in ("id", "version", "retired_at"):
        new.pop(key)
    office.refused(409, "catalogue.code_taken", "/catalogue", new)
    office.does("/catalogue", {**new, "code": "0699"})
    assert office.named("/catalogue", "0699")["item_zh"] == "另一事项"
    assert CatalogueItem.objects.filter(centre_id=built.id).count() == 129


# Settings, API clients


def test_a_setting_is_changed_and_its_history_names_who(built: BuiltCentre, office: Office) -> None:
    office.does("/settings/centre_phone", {"value": " 0571-0000000 "}, version=0)
    shown = next(row for row in office.read("/settings") if row["name"] == "centre_phone")
    assert (shown["value"], shown["version"]) == ("0571-0000000", 1)
    history = office.read("/settings/centre_phone/history")
    assert [(row["by"], row["old"], row["new"]) for row in history] == [("丁思齐", "", "0571-0000000")]


def test_a_clients_key_is_told_once_and_ends(built: BuiltCentre, office: Office) -> None:
    asked = {"name": "12345热线", "channels": ["hotline_12345"]}
    made = office.does("/api-clients", asked, key="once")
    assert office.does("/api-clients", asked, key="once")["key"] is None
    assert made["key"] not in json.dumps(office.read("/api-clients"))
    report = {"channel": "hotline_12345", "item": "0601", "text": "路灯不亮", "source_number": "1"}
    headers = {"Authorization": f"Bearer {made['key']}"}

    def files() -> int:
        keyed = {**headers, "Idempotency-Key": str(uuid4())}
        return Client().post("/api/v1/reports", json.dumps(report), "application/json", headers=keyed).status_code

    assert files() == 201
    office.refused(409, "api_client.name_taken", "/api-clients", asked)
    office.refused(422, "api_client.channel_unknown", "/api-clients", {"name": "别的", "channels": ["nothing"]})
    office.does(f"/api-clients/{made['object']['id']}/revoke", version=1)
    assert files() == 401
