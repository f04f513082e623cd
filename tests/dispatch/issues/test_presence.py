"""Who else looks at an issue: told by post, kept by Redis for half a minute, and by nobody else."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis
from django.conf import settings

from realtime.feed.models import StoredFact
from realtime.presence import onlookers as presence
from realtime.presence.onlookers import Onlookers, onlookers
from tests.dispatch.browser import Browser, signed_in
from tests.dispatch.desk import DOMESTIC_VIOLENCE, Desk
from tests.live.waiting import wait_for

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def redis_is_asked() -> Iterator[None]:
    """What another test found of Redis is not remembered here, nor what is found here afterwards."""
    onlookers.redis.silent_until = 0.0
    yield
    onlookers.redis.silent_until = 0.0


def looks(browser: Browser, issue_id: UUID) -> dict[str, Any]:
    """What the console of somebody who has the issue open is told, once a busy machine's Redis answers in time."""
    return wait_for(lambda: [told for told in [asks(browser, issue_id)] if told["known"]], "an answer of Redis")[0]


def asks(browser: Browser, issue_id: UUID) -> dict[str, Any]:
    """What the console is told, whatever it is."""
    onlookers.redis.silent_until = 0.0
    answer = browser.client.put(f"/api/v1/issues/{issue_id}/presence")
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_the_desk_is_told_which_posts_look_and_never_who(desk: Desk) -> None:
    issue_id = desk.dispatched()
    officer, lead, liaison = signed_in("duty1"), signed_in("lead"), signed_in("chengguan")
    facts = StoredFact.objects.count()
    assert looks(officer, issue_id) == {"known": True, "others": []}
    assert looks(officer, issue_id) == {"known": True, "others": []}  # nobody sees themselves
    duty = str(desk.unit("duty_desk"))
    assert looks(lead, issue_id)["others"] == [{"unit": duty, "role": "duty_officer"}]
    looks(liaison, issue_id)
    seen = looks(officer, issue_id)["others"]
    unit = str(desk.unit("law_enforcement"))
    assert sorted(one["role"] for one in seen) == ["duty_lead", "liaison"]
    assert {one["unit"] for one in seen} == {duty, unit}
    assert StoredFact.objects.count() == facts  # no trace in the feed


def test_who_may_not_see_an_issue_learns_nothing_of_it(desk: Desk) -> None:
    issue_id = desk.reported(DOMESTIC_VIOLENCE)
    looks(signed_in("duty1"), issue_id)
    for username in ("leader", "chengguan"):
        assert signed_in(username).client.put(f"/api/v1/issues/{issue_id}/presence").status_code == 404
    assert signed_in("duty1").client.put(f"/api/v1/issues/{uuid4()}/presence").status_code == 404


def test_who_has_left_is_forgotten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    centre, issue = uuid4(), uuid4()
    here = Onlookers(settings.ENV.redis_url)

    def others(who: str) -> Collection[str]:
        here.redis.silent_until = 0.0
        return wait_for(lambda: [seen for seen in [here.look(centre, issue, who)] if seen is not None], "Redis")[0]

    assert others("a") == []
    assert others("b") == ["a"]
    now = presence.time.time()
    monkeypatch.setattr(presence.time, "time", lambda: now + presence.STAYS_S + 1)
    assert others("b") == []
    left = redis.Redis.from_url(settings.ENV.redis_url).ttl(f"relay60:look:{centre}:{issue}")
    assert 0 < left <= presence.STAYS_S  # Redis forgets it all by itself


def test_without_redis_it_is_not_known_and_nothing_else_changes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.doors.presence.onlookers", Onlookers(NOWHERE))
    issue_id = desk.reported()
    officer = signed_in("duty1")
    assert asks(officer, issue_id) == {"known": False, "others": []}
    assert officer.post(f"/issues/{issue_id}/accept").status_code == 200
