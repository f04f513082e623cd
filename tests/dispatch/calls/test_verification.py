"""An answer that waits for its verification overnight calls the desk. Source: docs/rules.md, "Calls"."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from command.settings.models import Setting
from command.settings.registry import Settings, checked
from dispatch.matter.calls.models import Call
from dispatch.verbs.call_verifications import call_verifications
from realtime.feed import clock
from realtime.feed.clock import shifted
from realtime.feed.errors import Invalid
from tests.dispatch import issue_verbs as issues
from tests.dispatch.calls.called import answers, the_call
from tests.dispatch.clocks.rows import stale_cards
from tests.dispatch.desk import Desk


def tomorrow(hour: int, minute: int, *, days: int = 1) -> timedelta:
    """From now until a time of the centre's next day."""
    now: datetime = clock.at(None).astimezone(ZoneInfo(settings.TIME_ZONE))
    then = (now + timedelta(days=days)).replace(hour=hour, minute=minute, second=1, microsecond=0)
    return then - now


def calls_at(when: timedelta) -> int:
    """One pass of the duty so much later."""
    with shifted(when):
        return call_verifications()


def test_what_waited_overnight_calls_the_desk_once_a_day_and_what_is_verified_is_quiet(desk: Desk) -> None:
    first, second, handled = desk.fed_back(), desk.fed_back(), desk.dispatched()
    assert calls_at(tomorrow(8, 29)) == 0
    assert calls_at(tomorrow(8, 30)) == 2
    assert calls_at(tomorrow(8, 40)) == 0
    assert not Call.objects.filter(issue_id=handled, kind="verification").exists()
    called = the_call(first, "verification")
    assert (called.state, called.unit_id, called.rank) == ("open", desk.unit_of("duty1"), "duty_officer")
    with shifted(tomorrow(9, 0)):
        issues.verify(first, expected=desk.version(first), cmd=desk.command("duty1"))
    called.refresh_from_db()
    assert called.state == "answered"
    again = the_call(second, "verification")
    assert calls_at(tomorrow(8, 30, days=2)) == 1
    again.refresh_from_db()
    assert (again.state, again.into) == ("silenced", the_call(second, "verification"))
    with shifted(tomorrow(8, 31, days=2)):
        answers(desk, the_call(second, "verification"), "duty1")
    assert calls_at(tomorrow(8, 30, days=3)) == 1
    assert not stale_cards(desk)


def test_an_answer_of_today_waits_for_tomorrow_and_an_empty_time_calls_nobody(desk: Desk) -> None:
    with shifted(tomorrow(8, 0)):
        desk.fed_back()
    assert calls_at(tomorrow(23, 59)) == 0
    Setting.objects.create(centre_id=desk.built.id, name="call_verification_at", value="", version=1)
    assert calls_at(tomorrow(9, 0, days=2)) == 0


@pytest.mark.parametrize("given", ["24:00", "8:30", "08:60", "0830", "早上八点", "０８:30"])
def test_a_time_of_day_is_one(given: str) -> None:
    with pytest.raises(Invalid):
        checked("call_verification_at", given, Settings())
    assert checked("call_verification_at", " 23:59 ", Settings()) == "23:59"
