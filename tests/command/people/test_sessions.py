"""Signing in and out over HTTP, and what is refused. Rules: docs/protocol.md, "Sessions"."""

from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from command.people import accounts, actions
from command.people.draft_keys import draft_key
from command.people.models import Person, SignIn, SignInFailure
from command.people.queries import signed_in
from command.settings.models import Setting
from command.settings.registry import Settings, checked
from demo.seed.centre import BuiltCentre
from realtime.feed import clock
from realtime.feed.errors import Invalid
from realtime.feed.models import StoredFact
from tests.command.conftest import PASSWORD, SignsIn, command

SESSION = "/api/v1/session"


def attempt(username: str, password: str = PASSWORD, *, address: str = "10.0.0.1"):
    return Client().post(
        SESSION, {"username": username, "password": password}, content_type="application/json", REMOTE_ADDR=address
    )


def test_signing_in_tells_who_where_and_what_is_allowed(built: BuiltCentre):
    told = attempt("chengguan").json()
    assert told["person"] == {"id": str(built.people["chengguan"]), "name": "魏立新"}
    assert told["centre"] == {"id": str(built.id), "name": "河湾区综治中心", "path": "330199"}
    assert [(post["role"], post["unit"]["id"]) for post in told["posts"]] == [
        ("liaison", str(built.units["law_enforcement"]))
    ]
    assert "orders.acknowledge" in told["rights"]
    assert "issues.accept" not in told["rights"]


def test_a_session_is_read_again_and_nobody_is_401(built: BuiltCentre, sign_in: SignsIn):
    assert sign_in("duty1").get(SESSION).json()["person"]["name"] == "林晓舟"
    nobody = Client().get(SESSION)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "session.none")
    assert "csrftoken" in nobody.cookies  # the sign-in page needs it


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(built: BuiltCentre):
    wrong, unknown = attempt("duty1", "wrong"), attempt("nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "session.credentials"


@pytest.mark.parametrize("name", ["duty1\x00", "\x00", "a\nb"])
def test_a_name_that_nobody_can_have_is_malformed(built: BuiltCentre, name: str):
    refused = attempt(name)
    assert (refused.status_code, refused.json()["field"]) == (422, "username")


def test_an_unknown_name_costs_a_comparison_too(built: BuiltCentre):
    with patch.object(actions, "check_password", wraps=actions.check_password) as compared:
        attempt("nobody")
    assert compared.call_count == 1
    assert compared.call_args.args[1].startswith("argon2")


def test_passwords_are_kept_as_argon2(built: BuiltCentre):
    assert Person.objects.get(username="duty1").password.startswith("argon2$argon2id$")


def test_signing_out_ends_the_session_by_a_fact(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    session = SignIn.objects.get()
    assert browser.delete(SESSION).status_code == 204
    fact = StoredFact.objects.get(name="session.ended")
    assert (fact.object_kind, fact.object_id) == ("session_end", session.pk)
    assert bytes(fact.audience).startswith(b'{"after":{"class":"control"')
    assert browser.get(SESSION).status_code == 401
    assert signed_in(session.pk) is None


def test_one_persons_other_session_stays(built: BuiltCentre, sign_in: SignsIn):
    desk, phone = sign_in("duty1"), sign_in("duty1")
    desk.delete(SESSION)
    assert phone.get(SESSION).status_code == 200


def test_another_persons_session_is_not_found(built: BuiltCentre, sign_in: SignsIn):
    sign_in("duty1")
    with pytest.raises(actions.NotFound):
        actions.sign_out(SignIn.objects.get().pk, cmd=command(built, "duty2"))


def test_a_session_that_ended_cannot_end_again(built: BuiltCentre, sign_in: SignsIn):
    sign_in("duty1")
    session = SignIn.objects.get().pk
    actions.sign_out(session, cmd=command(built, "duty1"))
    with pytest.raises(actions.Conflict):
        actions.sign_out(session, cmd=command(built, "duty1"))


def test_a_session_runs_out(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    SignIn.objects.update(expires_at=clock.at(None) - timedelta(seconds=1))
    assert browser.get(SESSION).status_code == 401


def test_the_sixth_failure_in_ten_minutes_must_wait(built: BuiltCentre):
    for _ in range(5):
        assert attempt("duty1", "wrong").status_code == 401
    refused = attempt("duty1")  # the right password does not help
    assert refused.status_code == 429
    assert refused.json()["code"] == "session.too_many_attempts"
    assert 0 < refused.json()["retry_after_s"] <= 600
    assert attempt("duty1", address="10.0.0.2").status_code == 200  # the person elsewhere is not locked out
    assert attempt("duty2").status_code == 200  # nor a colleague at the same address
    SignInFailure.objects.update(at=clock.at(None) - timedelta(minutes=11))
    assert attempt("duty1").status_code == 200


def test_a_name_is_guarded_against_many_addresses(built: BuiltCentre):
    at, name = clock.at(None), actions.username_digest("duty1")
    SignInFailure.objects.bulk_create(
        SignInFailure(username_digest=name, address=f"10.1.0.{number}", at=at) for number in range(50)
    )
    assert attempt("duty1").status_code == 429
    assert attempt("duty2").status_code == 200


def test_success_forgets_the_failures(built: BuiltCentre):
    for _ in range(3):
        attempt("duty1", "wrong")
    attempt("duty1")
    assert SignInFailure.objects.count() == 0


def test_old_failures_are_forgotten(built: BuiltCentre):
    attempt("duty1", "wrong")
    assert actions.forget_failures() == 0
    SignInFailure.objects.update(at=clock.at(None) - timedelta(minutes=11))
    assert actions.forget_failures() == 1


def test_what_was_typed_as_a_name_is_not_kept(built: BuiltCentre):
    attempt("my-password-in-the-wrong-box", "x")
    assert b"my-password" not in bytes(SignInFailure.objects.get().username_digest)


def test_a_form_of_another_site_signs_nobody_in(built: BuiltCentre):
    refused = Client().post(SESSION, '{"username": "duty1", "password": "relay60-demo"}', content_type="text/plain")
    assert (refused.status_code, refused.json()["code"]) == (422, "session.not_json")


def test_changes_need_the_csrf_token(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1", checks_csrf=True)
    refused = browser.delete(SESSION)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf.failed")
    token = browser.cookies["csrftoken"].value
    assert browser.delete(SESSION, headers={"X-CSRFToken": token}).status_code == 204


def test_what_one_person_did_is_never_taken_under_the_session_of_another(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    mine, theirs = ({"X-Person": str(built.people[name])} for name in ("duty1", "duty2"))
    refused = browser.delete(SESSION, headers=theirs)
    assert (refused.status_code, refused.json()["code"]) == (401, "session.none")
    assert browser.get(SESSION).status_code == 200
    assert browser.delete(SESSION, headers=mine).status_code == 204


def test_signing_in_gives_a_new_session_key(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    before = browser.cookies["sessionid"].value
    browser.post(SESSION, {"username": "duty2", "password": PASSWORD}, content_type="application/json")
    assert browser.cookies["sessionid"].value != before
    assert browser.get(SESSION).json()["person"]["name"] == "苏明远"


def test_signing_in_over_anothers_session_ends_that_by_a_fact(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    former = SignIn.objects.get()
    kept = browser.cookies["sessionid"].value
    refused = browser.post(SESSION, {"username": "duty2", "password": "wrong"}, content_type="application/json")
    assert (refused.status_code, signed_in(former.pk) is None) == (401, False)  # who could not sign in ends nothing
    browser.post(SESSION, {"username": "duty2", "password": PASSWORD}, content_type="application/json")
    assert signed_in(former.pk) is None
    fact = StoredFact.objects.get(object_id=former.pk)
    assert (fact.name, fact.centre_id) == ("session.ended", built.id)
    browser.cookies["sessionid"] = kept
    assert browser.get(SESSION).status_code == 401


def test_signing_in_again_ends_ones_own_former_session_too(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    for _ in range(2):
        browser.post(SESSION, {"username": "duty1", "password": PASSWORD}, content_type="application/json")
    assert SignIn.objects.filter(ended_at=None).count() == 1
    assert StoredFact.objects.filter(name="session.ended").count() == 2


def test_one_persons_typing_errors_shut_no_colleague_out_behind_the_same_address(built: BuiltCentre):
    refused = [attempt("duty1", "wrong").status_code for _ in range(30)]
    assert (refused.count(401), refused.count(429)) == (5, 25)
    assert attempt("duty2").status_code == 200


def test_a_suspended_person_is_out_at_once(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    actions.suspend(built.people["duty1"], cmd=command(built, "admin"))
    assert browser.get(SESSION).status_code == 401
    assert attempt("duty1").status_code == 401
    accounts.restore(built.people["duty1"], expected=None, cmd=command(built, "admin"))
    assert browser.get(SESSION).status_code == 401  # a lost telephone stays out when its owner is let in again
    assert attempt("duty1").status_code == 200


@pytest.mark.parametrize("forged", ["x" * 32, "", "00000000-0000-0000-0000-000000000000"])
def test_a_forged_cookie_is_nobody(built: BuiltCentre, forged: str):
    client = Client()
    client.cookies["sessionid"] = forged
    assert client.get(SESSION).status_code == 401


def test_signing_in_costs_a_fixed_number_of_statements(built: BuiltCentre, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        attempt("duty1")


def test_reading_a_session_costs_three_statements(built: BuiltCentre, sign_in: SignsIn, django_assert_num_queries):
    browser = sign_in("duty1")
    with django_assert_num_queries(3):  # the sign-in with the posts held; the person, the posts with names
        browser.get(SESSION)


def test_ids_in_answers_are_those_of_rows(built: BuiltCentre):
    assert UUID(attempt("lead").json()["posts"][0]["id"])


def ends_in(hours: float) -> None:
    SignIn.objects.update(expires_at=clock.at(None) + timedelta(hours=hours))


def hours_left() -> float:
    return (SignIn.objects.get().expires_at - clock.at(None)) / timedelta(hours=1)


def tells_the_end(told: dict[str, Any]) -> bool:
    off = SignIn.objects.get().expires_at - datetime.fromisoformat(told["expires_at"])
    return abs(off) < timedelta(milliseconds=1)  # what is told has no smaller part


def test_a_session_lasts_a_shift_after_the_sign_in(built: BuiltCentre, sign_in: SignsIn):
    told = sign_in("duty1").get(SESSION).json()
    assert 23.9 < hours_left() <= 24
    assert tells_the_end(told)
    assert told["username"] == "duty1"


@pytest.mark.parametrize("path", ["/session/use", "/suggest"])
def test_a_session_that_is_used_goes_on_for_a_shift(built: BuiltCentre, sign_in: SignsIn, path: str):
    browser = sign_in("duty1")
    ends_in(0.1)
    answer = browser.post(f"/api/v1{path}", {"text": "井盖"}, content_type="application/json")
    assert answer.status_code == 200
    assert 23.9 < hours_left() <= 24
    assert answer.cookies["sessionid"]["max-age"] > 168 * 3600  # the browser keeps it as long as any centre may ask


def test_using_tells_when_the_session_ends(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    ends_in(0.1)
    told = browser.post("/api/v1/session/use").json()
    assert tells_the_end(told)
    assert 24 * 3600 - 10 < told["left_s"] <= 24 * 3600


def test_what_an_open_page_does_by_itself_is_no_use(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    ends_in(0.1)
    assert browser.get(SESSION).status_code == 200
    assert browser.get("/api/v1/reference").status_code == 200
    ticket = browser.post("/api/v1/ticket", {"device": str(uuid4())}, content_type="application/json")
    assert ticket.status_code == 200
    for shown in ("presence", "look"):
        browser.put(f"/api/v1/issues/{uuid4()}/{shown}")
    assert hours_left() < 0.11


def test_a_session_that_ended_is_not_brought_back_by_use(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    ends_in(-0.01)
    assert browser.post("/api/v1/session/use").status_code == 401
    assert hours_left() < 0


def test_uses_in_quick_succession_are_written_once(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    before = SignIn.objects.get().expires_at
    assert browser.post("/api/v1/session/use").status_code == 200
    assert SignIn.objects.get().expires_at == before


def test_the_centre_says_how_long_a_session_lasts_but_never_less_than_a_shift(built: BuiltCentre, sign_in: SignsIn):
    Setting.objects.create(centre_id=built.id, name="session_hours", value=48, version=1)
    browser = sign_in("duty1")
    assert 47.9 < hours_left() <= 48
    ends_in(47)
    browser.post("/api/v1/session/use")
    assert 47.9 < hours_left() <= 48
    with pytest.raises(Invalid):
        checked("session_hours", 23, Settings())


def test_a_shorter_setting_ends_no_session_earlier(built: BuiltCentre, sign_in: SignsIn):
    browser = sign_in("duty1")
    ends_in(100)
    browser.post("/api/v1/session/use")
    assert hours_left() > 99


def test_the_key_to_half_written_work_is_one_persons_and_always_the_same(built: BuiltCentre, sign_in: SignsIn):
    path = "/api/v1/session/draft-key"
    mine = sign_in("duty1").get(path)
    assert mine.json() == sign_in("duty1").get(path).json()
    assert mine["Cache-Control"] == "no-store"
    assert mine.json()["kept_days"] == 7
    others = sign_in("duty2").get(path).json()
    assert {mine.json()[half] for half in "xyd"} & {others[half] for half in "xyd"} == set()
    assert Client().get(path).status_code == 401


def test_the_two_halves_of_the_key_belong_together(built: BuiltCentre):
    key = draft_key(built.people["duty1"])
    x, y, d = (int.from_bytes(urlsafe_b64decode(half + "=")) for half in (key.x, key.y, key.d))
    ec.EllipticCurvePrivateNumbers(d, ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1())).private_key()
    assert [len(half) for half in (key.x, key.y, key.d)] == [43, 43, 43]
