"""Pairing a screen, and taking it away. Rules: docs/protocol.md, "Screens"."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from command.people import screens
from command.people.models import Device
from demo.seed.centre import BuiltCentre
from realtime.feed import clock
from realtime.feed.models import StoredFact
from tests.command.conftest import SignsIn

DEVICES = "/api/v1/devices"


class Wall:
    """A screen that has offered itself."""

    def __init__(self, key: str | None = None) -> None:
        answer = Client().post(DEVICES, headers=keyed(key))
        assert answer.status_code == 201
        self.id, self.code = answer.json()["id"], answer.json()["code"]
        self.client = Client(headers={"X-Device": f"{self.id}:{answer.json()['secret']}"})

    def state(self) -> str:
        answer = self.client.get(f"{DEVICES}/me")
        return answer.json()["state"] if answer.status_code == 200 else str(answer.status_code)

    def cells(self) -> int:
        return self.client.get("/api/v1/cells?tier=grid").status_code


def approve(browser: Client, code: str, name: str = "指挥大厅大屏", *, key: str | None = None):
    body = {"code": code, "name": name}
    return browser.post(f"{DEVICES}/approve", body, content_type="application/json", headers=keyed(key))


def revoke(browser: Client, device_id: str, *, key: str | None = None):
    return browser.delete(f"{DEVICES}/{device_id}", headers=keyed(key))


def keyed(key: str | None) -> dict[str, str]:
    """The header of a command: a fresh key unless one is given; none for ""."""
    return {} if key == "" else {"Idempotency-Key": key or str(uuid4())}


@pytest.fixture
def lead(built: BuiltCentre, sign_in: SignsIn) -> Client:
    return sign_in("lead")


def test_a_screen_is_paired_by_its_code(built: BuiltCentre, lead: Client):
    wall = Wall()
    assert (wall.state(), wall.cells()) == ("waiting", 401)
    assert approve(lead, wall.code.lower()).json()["name"] == "指挥大厅大屏"
    me = wall.client.get(f"{DEVICES}/me").json()
    assert me["state"] == "approved"
    assert me["code"] is None
    assert me["centre"] == {"id": str(built.id), "name": "河湾区综治中心", "path": "330199"}
    assert wall.cells() == 200
    assert [device["id"] for device in lead.get(DEVICES).json()] == [wall.id]
    fact = StoredFact.objects.get(name="access.changed", object_id=wall.id)
    assert fact.version == 1


def test_a_revoked_screen_is_out_by_a_fact(built: BuiltCentre, lead: Client):
    wall = Wall()
    approve(lead, wall.code)
    assert revoke(lead, wall.id).status_code == 204
    assert (wall.state(), wall.cells()) == ("revoked", 401)
    assert StoredFact.objects.get(object_id=wall.id, version=2).name == "session.ended"
    again = revoke(lead, wall.id)
    assert (again.status_code, again.json()["code"]) == (409, "device.revoked")


def test_a_revoked_screen_is_told_so_and_never_becomes_the_person_of_its_browser(
    built: BuiltCentre, lead: Client, sign_in: SignsIn
):
    wall, browser = Wall(), sign_in("duty1")
    approve(lead, wall.code)
    browser.defaults["HTTP_X_DEVICE"] = wall.client.defaults["HTTP_X_DEVICE"]
    assert browser.get("/api/v1/flow/today").status_code == 200
    revoke(lead, wall.id)
    for method, path in (("get", "/flow/today"), ("get", "/issues"), ("post", "/ticket")):
        body = {"data": {"device": str(uuid4())}, "content_type": "application/json"} if method == "post" else {}
        refused = getattr(browser, method)(f"/api/v1{path}", **body)
        assert refused.status_code == 401, path
    told = browser.get("/api/v1/flow/today").json()
    assert (told["code"], told["detail"]) == ("device.access_revoked", "本屏已被撤销。")
    browser.defaults["HTTP_X_DEVICE"] = f"{wall.id}:guessed"
    assert browser.get("/api/v1/flow/today").json()["code"] != "device.access_revoked"  # told to nobody else
    browser.defaults["HTTP_X_DEVICE"] = "nonsense"
    assert browser.get("/api/v1/flow/today").status_code == 401


def test_a_wrong_key_of_a_system_never_becomes_the_person_of_its_browser(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    assert browser.get("/api/v1/cells", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert browser.get("/api/v1/cells", headers={"Authorization": "Basic cHJveHk6cHJveHk="}).status_code == 200


def test_only_a_duty_lead_approves_lists_and_revokes(built: BuiltCentre, lead: Client, sign_in: SignsIn):
    wall = Wall()
    approve(lead, wall.code)
    for username in ("duty1", "chengguan", "leader", "admin"):
        browser = sign_in(username)
        assert approve(browser, Wall().code).status_code == 403
        assert browser.get(DEVICES).status_code == 403
        assert revoke(browser, wall.id).status_code == 403
    assert wall.state() == "approved"


def test_another_centres_screen_is_not_found(built: BuiltCentre, other: BuiltCentre, lead: Client, sign_in: SignsIn):
    wall = Wall()
    approve(lead, wall.code)
    stranger = sign_in("o_lead")
    assert stranger.get(DEVICES).json() == []
    assert revoke(stranger, wall.id).status_code == 404
    assert wall.state() == "approved"


def test_a_code_works_once_and_for_half_an_hour(built: BuiltCentre, lead: Client):
    wall, late = Wall(), Wall()
    approve(lead, wall.code)
    assert approve(lead, wall.code).status_code == 404
    Device.objects.filter(pk=late.id).update(made_at=clock.at(None) - timedelta(minutes=31))
    assert approve(lead, late.code).status_code == 404
    Wall()  # sweeps up what waited too long
    assert late.state() == "401"


def test_the_same_key_offers_one_screen(built: BuiltCentre, lead: Client):
    key = str(uuid4())
    wall, again, other = Wall(key), Wall(key), Wall()
    assert (wall.id, wall.code) == (again.id, again.code) != (other.id, other.code)
    approve(lead, again.code)
    assert wall.state() == "approved"
    late = Client().post(DEVICES, headers=keyed(key))
    assert (late.status_code, late.json()["code"]) == (409, "device.approved")
    for bad in ("", "k1"):
        refused = Client().post(DEVICES, headers=keyed(bad))
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key.invalid")


def test_the_same_key_approves_once_and_answers_again(built: BuiltCentre, lead: Client):
    wall = Wall()
    first = approve(lead, wall.code, key="k1")
    again = approve(lead, wall.code, key="k1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    other_body = approve(lead, wall.code, "别的名字", key="k1")
    assert (other_body.status_code, other_body.json()["code"]) == (422, "idempotency_key.reused")


def test_a_command_without_a_key_is_refused(built: BuiltCentre, lead: Client):
    wall = Wall()
    refused = approve(lead, wall.code, key="")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key.invalid")
    approve(lead, wall.code)
    refused = revoke(lead, wall.id, key="")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key.invalid")
    assert wall.state() == "approved"


def test_the_same_key_revokes_once(built: BuiltCentre, lead: Client):
    wall = Wall()
    approve(lead, wall.code)
    assert [revoke(lead, wall.id, key="k2").status_code for _ in range(2)] == [204, 204]


@pytest.mark.parametrize(("code", "name"), [("A\x00BCDE", "大屏"), ("", "大屏"), (None, "大\x00屏"), (None, "")])
def test_a_code_or_a_name_that_is_none(built: BuiltCentre, lead: Client, code: str | None, name: str):
    wall = Wall()
    assert approve(lead, wall.code if code is None else code, name).status_code == 422
    assert wall.state() == "waiting"


@pytest.mark.parametrize(
    "header", ["", "x", ":", "00000000-0000-0000-0000-000000000000:x", "00000000-0000-0000-0000-000000000000"]
)
def test_a_forged_header_is_nobody(built: BuiltCentre, header: str):
    client = Client(headers={"X-Device": header})
    assert client.get(f"{DEVICES}/me").status_code == 401
    assert client.get("/api/v1/cells").status_code == 401


def test_a_wrong_secret_is_nobody(built: BuiltCentre, lead: Client):
    wall = Wall()
    approve(lead, wall.code)
    thief = Client(headers={"X-Device": f"{wall.id}:guessed"})
    assert thief.get("/api/v1/cells").status_code == 401


def test_the_secret_is_not_kept(built: BuiltCentre):
    offered = screens.offer_device(str(uuid4()), source="10.0.0.1")
    row = Device.objects.get(pk=offered.id)
    assert offered.secret.encode() not in bytes(row.secret_hash) + bytes(row.offer_hash or b"")


def test_too_many_waiting_screens_are_refused(built: BuiltCentre):
    at = clock.at(None)
    Device.objects.bulk_create(Device(secret_hash=b"x", code=f"C{number}", made_at=at) for number in range(100))
    refused = Client().post(DEVICES, headers=keyed(None))
    assert (refused.status_code, refused.json()["code"]) == (429, "device.too_many_waiting")
    assert 1 <= int(refused["Retry-After"]) <= 1800


def test_one_source_keeps_no_other_screen_from_waiting(built: BuiltCentre, lead: Client):
    key = str(uuid4())
    here = [Wall(key), *(Wall() for _ in range(19))]
    refused = Client().post(DEVICES, headers=keyed(None))
    assert (refused.status_code, refused.json()["code"]) == (429, "device.too_many_waiting")
    assert refused.json()["remedy"] and "20" in refused.json()["detail"]
    assert Wall(key).id == here[0].id  # a repeat is told what it was told
    assert Client(REMOTE_ADDR="203.0.113.9").post(DEVICES, headers=keyed(None)).status_code == 201
    approve(lead, here[0].code)
    assert Wall().state() == "waiting"
    assert Device.objects.get(pk=here[0].id).offered_from is None


def test_a_screen_can_do_nothing_that_a_person_can(built: BuiltCentre, lead: Client):
    wall = Wall()
    approve(lead, wall.code)
    assert wall.client.get(DEVICES).status_code == 401
    assert wall.client.get("/api/v1/session").status_code == 401
