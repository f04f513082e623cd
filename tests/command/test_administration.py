"""What an administrator does, over HTTP: each change holds at once, is a fact, and hurts nobody unseen.

Rules: docs/rules.md, "Duty": retire, never delete or renumber, by actions with facts.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from command.access import Role
from command.organisations.queries import contacts, head_of
from command.people import actions as people
from command.people.models import Delegation, Person, Post, SignIn
from demo.seed.centre import BuiltCentre
from gis.grid.models import Cell
from realtime.feed import clock
from realtime.feed.models import StoredFact
from tests.command.conftest import PASSWORD, SignsIn, actor, command
from tests.command.office import Office, facts


def sign_in_as(username: str, password: str) -> tuple[Client, int]:
    client = Client()
    body = {"username": username, "password": password}
    return client, client.post("/api/v1/session", body, content_type="application/json").status_code


# People and posts


def test_a_person_is_made_given_a_post_and_signs_in(built: BuiltCentre, office: Office) -> None:
    details = {"username": "zhang.san", "name": "张三", "phone": "13800000001"}
    made = office.does("/people", details, key="once")
    assert office.does("/people", details, key="once") == {**made, "first_password": None}
    person = made["object"]["id"]
    gas = str(built.units["gas"])
    office.does("/posts", {"person": person, "role": "liaison", "unit": gas}, version=made["version"])

    browser, status = sign_in_as("zhang.san", made["first_password"])
    assert status == 200
    assert browser.get("/api/v1/session").json()["must_change_password"] is True
    refused = browser.get("/api/v1/reference")
    assert (refused.status_code, refused.json()["code"]) == (403, "password.must_change")
    change = {"old": made["first_password"], "new": "一条很长的新口令2026"}
    headers = {"Idempotency-Key": str(uuid4())}
    assert browser.post("/api/v1/session/password", change, "application/json", headers=headers).status_code == 204
    assert browser.get("/api/v1/reference").status_code == 200
    assert browser.get("/api/v1/session").json()["posts"][0]["unit"]["id"] == gas
    assert sign_in_as("zhang.san", made["first_password"])[1] == 401
    assert sign_in_as("zhang.san", change["new"])[1] == 200


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("short", "password.weak"),
        ("password123", "password.weak"),
        ("duty1-duty1-duty1", "password.weak"),
        ("aaaaaaaaaaaaaa", "password.weak"),
        (PASSWORD, "password.same"),
    ],
)
def test_a_weak_password_is_refused(built: BuiltCentre, sign_in: SignsIn, new: str, code: str) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    body = {"old": PASSWORD, "new": new}
    answer = sign_in("duty1").post("/api/v1/session/password", body, "application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_reset_password_ends_the_persons_sessions(built: BuiltCentre, office: Office, sign_in: SignsIn) -> None:
    browser = sign_in("duty1")
    person = office.person("duty1")
    answer = office.does(f"/people/{person['id']}/reset_password", version=person["version"])
    assert browser.get("/api/v1/session").status_code == 401
    assert sign_in_as("duty1", PASSWORD)[1] == 401
    assert sign_in_as("duty1", answer["first_password"])[1] == 200
    assert len(facts("session.ended")) == 1


def test_however_many_sessions_somebody_has_a_reset_ends_them_all(built: BuiltCentre, office: Office) -> None:
    """More of them than an action may tell facts: the rest closes by the person's new access version."""
    at = clock.at(None)
    until, duty1 = at + timedelta(hours=1), built.people["duty1"]
    SignIn.objects.bulk_create(SignIn(person_id=duty1, began_at=at, expires_at=until) for _ in range(230))
    office.does(f"/people/{duty1}/reset_password", version=office.person("duty1")["version"])
    assert not SignIn.objects.filter(person_id=duty1, ended_at=None).exists()
    assert len(facts("session.ended")) == 190


def test_a_name_is_corrected_and_no_fact_tells_it(built: BuiltCentre, office: Office) -> None:
    person = office.person("duty1")
    details = {"username": "duty1", "name": "林晓洲", "phone": "13900000009"}
    office.does(f"/people/{person['id']}/rename", details, version=person["version"])
    assert office.person("duty1")["name"] == "林晓洲"
    told = b"".join(bytes(row) for row in StoredFact.objects.values_list("bytes", flat=True)).decode()
    for word in ("林晓洲", "13900000009", "zhang", "duty1"):
        assert word not in told
    stale = office.refused(412, "version.stale", f"/people/{person['id']}/rename", details, version=person["version"])
    assert stale["version"] == person["version"] + 1


def test_two_people_share_neither_name_nor_number(built: BuiltCentre, office: Office) -> None:
    office.does("/people", {"username": "first", "name": "甲", "phone": "13800000001"})
    office.refused(409, "person.username_taken", "/people", {"username": "first", "name": "乙"})
    office.refused(409, "person.phone_taken", "/people", {"username": "second", "name": "乙", "phone": "13800000001"})


def test_a_suspended_person_is_out_at_once_and_back_when_restored(
    built: BuiltCentre, office: Office, sign_in: SignsIn
) -> None:
    browser, person = sign_in("duty2"), office.person("duty2")
    suspended = office.does(f"/people/{person['id']}/suspend", version=person["version"])
    assert browser.get("/api/v1/session").status_code == 401
    assert sign_in_as("duty2", PASSWORD)[1] == 401
    office.does(f"/people/{person['id']}/restore", version=suspended["version"])
    assert sign_in_as("duty2", PASSWORD)[1] == 200
    assert [fact["body"]["change"] for fact in facts("access.changed")[-2:]] == ["suspended", "restored"]


def test_the_last_administrator_stays(built: BuiltCentre, office: Office) -> None:
    me = office.person("admin")
    said = office.refused(409, "post.last_administrator", f"/posts/{me['posts'][0]['id']}/end", version=me["version"])
    assert said["remedy"]
    office.refused(409, "post.last_administrator", f"/people/{me['id']}/suspend", version=me["version"])
    desk = str(built.units["duty_desk"])
    lead = office.person("lead")
    post = {"person": lead["id"], "role": "administrator", "unit": desk}
    office.does("/posts", post, version=lead["version"])
    office.does(f"/posts/{me['posts'][0]['id']}/end", version=me["version"])
    assert office.act("/people", {"username": "x1", "name": "某"}).status_code == 403


# Deputies


def test_a_deputy_decides_until_the_time_and_no_longer(built: BuiltCentre, office: Office) -> None:
    post = office.person("duty1")["posts"][0]["id"]
    until = clock.at(None) + timedelta(hours=8)
    answer = office.does("/delegations", {"post": post, "until": until.isoformat()})
    assert answer["object"]["kind"] == "access"
    assert actor(built, "duty1").may("issues.suspend")
    assert not actor(built, "duty2").may("issues.suspend")
    office.refused(409, "delegation.held", "/delegations", {"post": post, "until": until.isoformat()})
    with clock.shifted(timedelta(hours=9)):
        assert not actor(built, "duty1").may("issues.suspend")
        assert office.read("/delegations") == []
    standing = office.read("/delegations")
    assert [(row["name"], row["post_id"]) for row in standing] == [("林晓舟", post)]
    office.does(f"/delegations/{standing[0]['id']}/end")
    assert not actor(built, "duty1").may("issues.suspend")
    office.refused(409, "delegation.ended", f"/delegations/{standing[0]['id']}/end")


def test_a_deputy_is_a_duty_officer_for_a_month_at_most(built: BuiltCentre, office: Office) -> None:
    post = office.person("leader")["posts"][0]["id"]
    soon = (clock.at(None) + timedelta(hours=1)).isoformat()
    office.refused(422, "delegation.not_an_officer", "/delegations", {"post": post, "until": soon})
    officer = office.person("duty1")["posts"][0]["id"]
    for off in (timedelta(days=40), -timedelta(hours=1)):
        until = (clock.at(None) + off).isoformat()
        office.refused(422, "delegation.until", "/delegations", {"post": officer, "until": until})
    assert not Delegation.objects.exists()


# Units and contacts


def test_a_unit_is_added_renamed_and_retired(built: BuiltCentre, office: Office) -> None:
    new = {"code": "lake_office", "name": "湖区管理处", "short": "湖管处", "kind": "department"}
    office.does("/units", new)
    unit = office.named("/units", "lake_office")
    names = {"name": "湖区保护中心", "short": "湖保"}
    office.does(f"/units/{unit['id']}/rename", names, version=unit["version"])
    office.refused(412, "version.stale", f"/units/{unit['id']}/rename", names, version=unit["version"])
    office.does(f"/units/{unit['id']}/retire", version=2)
    assert office.named("/units", "lake_office")["retired_at"]
    office.refused(409, "unit.code_taken", "/units", new)
    admin = office.person("admin")
    post = {"person": admin["id"], "role": "liaison", "unit": unit["id"]}
    office.refused(409, "unit.retired", "/posts", post, version=admin["version"])
    assert [fact["body"]["change"] for fact in facts("unit.changed")] == ["added", "renamed", "retired"]


def test_a_communitys_centre_answers_for_a_community(built: BuiltCentre, office: Office) -> None:
    new = {"code": "c1", "name": "某社区综治中心", "short": "某社区", "kind": "community_centre"}
    office.refused(422, "unit.place_missing", "/units", new)
    community = next(row for row in office.read("/places") if row["tier"] == "community")
    office.does("/units", {**new, "cell": community["id"]})
    assert office.named("/units", "c1")["cell_path"] == community["path"]
    names = {row["path"]: row["name"] for row in office.read("/places?tier=township")}
    township = names[community["path"].rpartition("/")[0]]
    assert community["above"] == township  # by it namesakes differ
    grid = next(row for row in office.read("/places?tier=grid") if row["path"].startswith(community["path"]))
    assert grid["above"] == f"{township}/{community['name']}"
    assert {row["above"] for row in office.read("/places?tier=township&tier=district")} == {""}
    office.refused(422, "unit.second_desk", "/units", {**new, "code": "c2", "kind": "desk"})


def test_places_of_a_tier_are_found_however_many_larger_ones_there_are(built: BuiltCentre, office: Office) -> None:
    township = Cell.objects.get(centre_id=built.id, tier="township")
    for n in range(30):  # before every community in the list, and as many as it shows
        path = f"{built.root}/z{n:02}"
        Cell.objects.create(
            centre_id=built.id, path=path, code=f"z{n:02}", name=f"镇{n}", tier="township", parent=township.parent,
            polygon=township.polygon, valid_from=township.valid_from,
        )  # fmt: skip
    assert {row["tier"] for row in office.read("/places?tier=community")} == {"community"}
    assert {row["tier"] for row in office.read("/places?tier=community&tier=district")} == {"community", "district"}


def test_a_unit_with_people_is_not_retired(built: BuiltCentre, office: Office) -> None:
    unit = office.named("/units", "power")
    said = office.refused(409, "unit.has_posts", f"/units/{unit['id']}/retire", version=unit["version"])
    assert said["posts"] == 1
    desk = office.named("/units", "duty_desk")
    said = office.refused(409, "unit.is_the_desk", f"/units/{desk['id']}/retire", version=desk["version"])


def test_contacts_are_called_in_the_order_that_was_set(built: BuiltCentre, office: Office) -> None:
    unit = office.named("/units", "power")
    gas = built.units["power"]
    people.give_post(built.people["leader"], Role.LEADER, gas, cmd=command(built, "admin"))
    first = Post.objects.get(unit=gas, role="liaison")
    head = Post.objects.get(unit=gas, role="leader")
    assert [(row.post_id, row.rank) for row in contacts(gas)] == [(first.pk, "liaison"), (head.pk, "head")]
    listed = [{"post": str(head.pk), "rank": "head"}, {"post": str(first.pk), "rank": "deputy"}]
    office.does(f"/units/{unit['id']}/contacts", {"contacts": listed}, version=unit["version"])
    assert [(row.order, row.post_id) for row in contacts(gas)] == [(1, head.pk), (2, first.pk)]
    named = head_of(gas)
    assert named is not None
    assert named.name == "方致远"
    people.end_post(head.pk, cmd=command(built, "admin"))
    assert [(row.order, row.rank) for row in contacts(gas)] == [(1, "deputy")]
    assert [row["name"] for row in office.read(f"/units/{unit['id']}/contacts")] == ["韩电生"]


# Who else


def test_nobody_else_may(built: BuiltCentre, sign_in: SignsIn) -> None:
    for username in ("duty1", "lead", "chengguan", "town", "leader", "grid1"):
        other = Office(sign_in(username))
        other.refused(403, "right.missing", "/people", {"username": "x1", "name": "某"})
        other.refused(403, "right.missing", "/channels", {"code": "x", "name_zh": "某", "source_family": "grid"})
        other.refused(403, "right.missing", "/settings/archive_after_days", {"value": 9}, version=0)
    assert not Person.objects.filter(username="x1").exists()


def test_the_duty_lead_names_a_deputy_too(built: BuiltCentre, sign_in: SignsIn) -> None:
    post = Post.objects.get(person_id=built.people["duty1"])
    until = (clock.at(None) + timedelta(hours=8)).isoformat()
    Office(sign_in("lead")).does("/delegations", {"post": str(post.pk), "until": until})
    assert actor(built, "duty1").may("returns.grant")


@pytest.mark.parametrize("name", ["45991", "#N/A", "2026-01-02", "NULL"])
def test_what_is_no_name_is_taken_by_no_form(office: Office, name: str) -> None:
    office.refused(422, "name.not_a_name", "/people", {"username": "x1", "name": name})
    unit = {"code": "x1", "name": "某局", "short": name, "kind": "department"}
    office.refused(422, "name.not_a_name", "/units", unit)


@pytest.mark.parametrize(
    ("typed", "kept"), [("１３９１２３４０００９", "13912340009"), ("(0572)2345678", "05722345678")]
)
def test_a_number_is_taken_however_it_is_written(office: Office, typed: str, kept: str) -> None:
    office.does("/people", {"username": "x1", "name": "某", "phone": typed})
    assert Person.objects.get(username="x1").phone == kept


@pytest.mark.parametrize("number", ["110", "abc", "不详", "13912340009/13912340008"])
def test_what_is_no_number_is_refused_as_that(office: Office, number: str) -> None:
    office.refused(422, "person.phone_invalid", "/people", {"username": "x1", "name": "某", "phone": number})


@pytest.mark.parametrize("name", ["李四", "Li.Si", "l"])
def test_what_is_no_username_is_told_what_one_is(office: Office, name: str) -> None:
    refused = office.refused(422, "request.invalid", "/people", {"username": name, "name": "某"})
    assert "小写字母" in refused["detail"] and "控制字符" not in refused["remedy"]


def test_a_number_that_cannot_be_called_is_refused(office: Office) -> None:
    office.refused(422, "person.phone_invalid", "/people", {"username": "x1", "name": "某", "phone": "138000012345"})
