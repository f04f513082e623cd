"""Two at once, in transactions of their own; and a worker that is gone between queueing and sending."""

from functools import partial
from typing import Any

import pytest

from dispatch.matter.call_law import ringing
from dispatch.matter.call_law.channels import page
from dispatch.matter.call_law.ringing import ring_due
from dispatch.matter.calls.models import Attempt, Call
from dispatch.matter.calls.states import Reached
from dispatch.verbs import calls as verbs
from realtime.feed.contract import Change
from realtime.feed.errors import Conflict
from realtime.feed.queries import all_facts
from tests.dispatch import order_verbs as orders
from tests.dispatch.calls.called import at, post_of, the_call
from tests.dispatch.desk import Desk
from tests.dispatch.rivals import at_once, split


def names(desk: Desk) -> list[str]:
    """All facts by name, in the feed's order."""
    return [fact.name for fact in all_facts(desk.built.id)]


def test_the_first_answer_wins_and_the_other_is_told_which_post_took_it(real_desk: Desk) -> None:
    for _ in range(4):
        call = the_call(real_desk.dispatched())
        commands = [real_desk.command(who) for who in ("chengguan", "chengguan2")]
        won, lost = split(at_once(*(partial(verbs.answer, call.pk, cmd=cmd) for cmd in commands)))
        assert (len(won), len(lost)) == (1, 1)
        assert isinstance(lost[0], Conflict) and lost[0].code == "call.not_open"
    assert names(real_desk).count("call.answered") == 4


def test_a_tap_and_the_act_itself_answer_once(real_desk: Desk) -> None:
    issue_id = real_desk.dispatched()
    call, lead = the_call(issue_id), real_desk.lead(issue_id)
    tap, act = real_desk.command("chengguan"), real_desk.command("chengguan2")
    at_once(lambda: verbs.answer(call.pk, cmd=tap), lambda: orders.acknowledge(lead, cmd=act))
    assert names(real_desk).count("call.answered") == 1
    assert names(real_desk).count("order.acknowledged") == 1


def test_two_timers_call_nobody_twice(real_desk: Desk) -> None:
    calls = [the_call(real_desk.dispatched()) for _ in range(5)]
    at_once(ring_due, ring_due, ring_due)
    ring_due()
    assert names(real_desk).count("attempt.made") == Attempt.objects.filter(call__in=calls).count() == 10
    assert not Attempt.objects.filter(attempted_at=None).exists()


def test_who_is_killed_between_queueing_and_sending_has_lost_nothing_and_doubled_nothing(
    real_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_id = real_desk.dispatched()
    call = the_call(issue_id)
    sent: list[object] = []

    def dies(*given: object) -> object:
        if sent:
            raise SystemExit("killed")
        sent.append(given)
        return page.send(*given)  # type: ignore[arg-type]

    class Dying:
        send = staticmethod(dies)

    monkeypatch.setattr(ringing, "page", Dying)
    with pytest.raises(SystemExit):
        ring_due()
    assert names(real_desk).count("attempt.made") == 0  # the first went with the second
    monkeypatch.undo()
    assert ring_due() == 2
    assert names(real_desk).count("attempt.made") == 2
    assert Call.objects.get(pk=call.pk).state == "open"


def test_an_issue_whose_calls_fail_keeps_nobody_elses_from_ringing(
    real_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, *good = [the_call(real_desk.dispatched()) for _ in range(3)]

    def fails(attempt: Attempt, *of: Any) -> Change:
        if attempt.call_id == bad.pk:
            raise ValueError("a bad row")
        return page.send(attempt, *of)

    class Failing:
        send = staticmethod(fails)

    monkeypatch.setattr(ringing, "page", Failing)
    ring_due()
    assert set(Attempt.objects.filter(attempted_at=None).values_list("call", flat=True)) == {bad.pk}
    assert Attempt.objects.filter(call__in=good).exclude(attempted_at=None).count() == 4
    assert ring_due() == 0  # set aside: not tried at each pass
    monkeypatch.undo()
    monkeypatch.setattr(ringing, "_aside", {})
    assert ring_due() == 2


def test_two_of_the_desk_ring_by_telephone_at_once(real_desk: Desk) -> None:
    issue_id = real_desk.dispatched()
    for minute in (10, 20, 30, 40):
        at(minute, timer=False)
    call = the_call(issue_id)
    assert call.state == "listed"
    commands, post = [real_desk.command(who) for who in ("duty1", "duty2")], post_of(real_desk, "chengguan")
    ring = partial(verbs.telephone, call.pk, post, Reached.TALKED, None)
    won, lost = split(at_once(*(partial(ring, cmd=cmd) for cmd in commands)))
    assert (len(won), len(lost)) == (1, 1)
    assert isinstance(lost[0], Conflict)
