"""The key to what an inhabitant has half written: one browser's, while it is open, and nobody's after three days."""

import base64
import time

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client

from dispatch.doors.page_key import COOKIE, LASTS, PATH

pytestmark = pytest.mark.django_db


def key_of(browser: Client) -> str:
    answer = browser.get(PATH)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    key: str = answer.json()["key"]
    assert len(base64.b64decode(key)) == 32
    return key


def test_a_browser_is_told_the_same_key_again_and_another_one_its_own() -> None:
    browser, other = Client(), Client()
    assert key_of(browser) == key_of(browser)
    assert key_of(other) != key_of(browser)


def test_its_cookie_goes_with_the_browser_is_read_by_no_script_and_sent_to_one_address() -> None:
    browser = Client()
    key_of(browser)
    cookie = browser.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", PATH)
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert bool(cookie["secure"]) is bool(settings.SESSION_COOKIE_SECURE)
    assert key_of(browser) not in cookie.value


def test_a_cookie_that_is_old_or_made_up_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client()
    before = key_of(browser)
    later = time.time() + LASTS.total_seconds() + 60
    with monkeypatch.context() as shifted:
        shifted.setattr(signing.time, "time", lambda: later)
        assert key_of(browser) != before
    for token in ("", "x" * 20_000, "a:b:c", browser.cookies[COOKIE].value[:-2] + "zz"):
        browser.cookies[COOKIE] = token
        assert key_of(browser) != before
