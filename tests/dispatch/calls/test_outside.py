"""A call reaches somebody whose page is closed: once by a key, with nothing but number, place and link. Source:
docs/rules.md, "Calls"; docs/outside.md."""

import json
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from command.outside import pace
from command.outside.actions import Form, keep
from command.outside.contract import OutsideWay
from command.outside.models import Way
from command.people.models import Person
from command.settings.models import Setting
from command.settings.queries import settings_of
from dispatch.matter.call_law import outside
from dispatch.matter.call_law.leaving import Leaving, leaving, message_of
from dispatch.matter.calls.models import Attempt, Call
from dispatch.matter.issues.models import Issue
from dispatch.reading.calls import calls_of, failing_ways
from dispatch.verbs import call_outside as duty
from realtime.delivery.actions import record_receipts
from realtime.delivery.pending import Mark
from realtime.feed import clock
from realtime.feed.clock import shifted
from realtime.feed.queries import all_facts
from tests.dispatch.calls.called import answers, at, post_of, the_call
from tests.dispatch.clocks.rows import stale_cards
from tests.dispatch.desk import DOMESTIC_VIOLENCE, PERSONAL, SECOND, Desk
from tests.outside.counterpart import SECRET, Side

NUMBER = "13800000001"
URL = "https://zzzx.example.gov.cn"


def way(desk: Desk, side: Side, kind: OutsideWay = OutsideWay.SMS, rank: int = 1, secret: str = SECRET) -> None:
    """Set up by the administrator."""
    corp, agent = ("ww1234", 1000002) if kind is OutsideWay.WECOM else ("", None)
    form = Form(rank, True, side.address, True, corp, agent, secret)
    keep(kind, form, expected=0, cmd=desk.command("admin"))
    side.users[NUMBER] = "zhang.san"


def telephone(desk: Desk, username: str = "chengguan", number: str | None = NUMBER) -> None:
    """The work telephone of somebody."""
    Person.objects.filter(pk=desk.built.people[username]).update(phone=number)


def passes(seconds: float) -> int:
    """A pass of the worker's duty so many seconds from now."""
    with shifted(seconds * SECOND):
        return duty.call_outside()


def by(call: Call, channel: str, desk: Desk, username: str = "chengguan") -> Attempt:
    """The attempt at somebody by a way."""
    return Attempt.objects.get(call=call, channel=channel, post_id=post_of(desk, username))


@pytest.fixture
def called(desk: Desk) -> tuple[UUID, Call]:
    """An order, called on pages; nobody has one open. chengguan has a telephone, chengguan2 has none."""
    Setting.objects.create(centre_id=desk.built.id, name="public_url", value=URL, version=1)
    telephone(desk)
    issue_id = desk.dispatched()
    at(0, timer=False)
    return issue_id, the_call(issue_id)


def test_a_page_that_shows_nothing_in_thirty_seconds_sends_a_message(
    desk: Desk, called: tuple[UUID, Call], gateway: Side
) -> None:
    issue_id, call = called
    way(desk, gateway)
    assert passes(29) == 0
    assert passes(31) == 1
    assert passes(32) == 0
    sent = by(call, "sms", desk)
    assert (sent.outcome, sent.tries, sent.next_at) == ("delivered", 1, None)
    (shown,) = gateway.shown.values()
    number = Issue.objects.get(pk=issue_id).number
    assert (shown["to"], shown["key"], shown["link"]) == (NUMBER, str(sent.pk), f"{URL}/")
    assert shown["number"] and str(number)[-4:] in shown["number"]
    made = [json.loads(fact.bytes) for fact in all_facts(desk.built.id) if fact.object_id == sent.pk]
    assert [fact["name"] for fact in made] == ["attempt.made", "attempt.concluded"]
    assert made[1]["body"]["outcome"] == "delivered"
    assert NUMBER not in json.dumps(made)
    assert not stale_cards(desk)


def test_who_has_no_telephone_is_passed_over_and_the_list_says_so(
    desk: Desk, called: tuple[UUID, Call], gateway: Side
) -> None:
    issue_id, call = called
    way(desk, gateway)
    passes(31)
    (view,) = [one for one in calls_of(issue_id, actor=desk.actor("duty1")) if one.id == call.pk]
    outcomes = {(one.post, one.channel): one.outcome for one in view.attempts}
    assert outcomes[post_of(desk, "chengguan2"), "sms"] == "no_number"
    assert outcomes[post_of(desk, "chengguan"), "sms"] == "delivered"
    answers(desk, call, "chengguan", 1)
    assert by(call, "sms", desk, "chengguan2").outcome == "no_number"  # the list keeps it


def test_what_a_page_has_shown_leaves_no_house(desk: Desk, called: tuple[UUID, Call], gateway: Side) -> None:
    way(desk, gateway)
    attempts = Attempt.objects.filter(call=called[1]).values_list("pk", flat=True)
    seqs = [fact.seq for fact in all_facts(desk.built.id) if fact.object_id in set(attempts)]
    record_receipts(desk.built.id, [Mark(seq, uuid4(), True) for seq in seqs])
    assert passes(31) == passes(300) == 0
    assert not gateway.requests


def test_nothing_of_text_names_or_address_leaves_the_house(
    desk: Desk, called: tuple[UUID, Call], gateway: Side, corp: Side
) -> None:
    gateway.mood = "refuses"
    way(desk, gateway)
    way(desk, corp, OutsideWay.WECOM, 2)
    for second in (31, 32, 33):
        passes(second)
    left = gateway.everything() + corp.everything()
    assert gateway.requests and corp.shown
    words = ["王建国", "和平路", "路灯", "魏立新", "13812341234"]
    for said in (PERSONAL.text, PERSONAL.address, *words):
        assert said and said not in left


def test_the_words_of_an_ordinary_a_sensitive_and_an_exercise(desk: Desk) -> None:
    Setting.objects.create(centre_id=desk.built.id, name="public_url", value=URL, version=1)
    settings = settings_of(desk.built.id)
    there = desk.reported(position=desk.inside())
    issue = Issue.objects.select_related("cell__parent").get(pk=there)
    assert issue.cell is not None
    grid = issue.cell.parent if issue.cell.tier == "micro_grid" else issue.cell
    assert grid is not None
    said = message_of({there: leaving(issue, settings)}, NUMBER)
    assert said.place == grid.name and grid.tier == "grid"
    assert (said.key, said.to, said.count) == (str(there), NUMBER, 1)
    assert said.text == f"叫应：事项 {said.number}（{grid.name}）等您应答，请登录 {URL}/ 应答。"
    issue.sensitive = True
    said = message_of({there: leaving(issue, settings)}, NUMBER)
    assert said.place is None
    assert said.text == f"叫应：事项 {said.number}等您应答，请登录 {URL}/ 应答。"
    issue.exercise = True
    with pytest.raises(ValueError):
        leaving(issue, settings)


def test_many_matters_are_one_message_whose_key_says_which() -> None:
    twelve = {uuid4(): Leaving(f"2026-{n:06}", None if n % 2 else "东一网格", None) for n in range(1, 13)}
    said = message_of(twelve, NUMBER)
    assert said.count == 12 and said.number == "2026-000001"
    assert said.text.startswith("叫应：12 件事项（2026-000001、2026-000002（东一网格）、")
    assert said.text.endswith("2026-000010（东一网格）等）等您应答，请打开系统应答。")
    assert message_of(dict(reversed(twelve.items())), NUMBER).key == said.key
    assert message_of(dict(list(twelve.items())[1:]), NUMBER).key != said.key
    again = {uuid4(): twelve[key] for key in [next(iter(twelve))] * 2}
    assert message_of(again, NUMBER).count == 1  # an order's own clock and the issue's: one matter


def test_several_calls_to_one_person_within_a_minute_are_one_message(
    desk: Desk, called: tuple[UUID, Call], gateway: Side
) -> None:
    way(desk, gateway)
    other = desk.dispatched()
    at(0, timer=False)
    assert passes(31) == 1
    (first,) = gateway.shown.values()
    assert first["count"] == 2
    both = [by(call, "sms", desk) for call in (called[1], the_call(other))]
    assert [one.outcome for one in both] == ["delivered"] * 2
    for issue_id in (called[0], other):
        assert str(Issue.objects.get(pk=issue_id).number)[-4:] in first["text"]
    third, fourth = desk.dispatched(), desk.dispatched()
    at(0, timer=False)
    assert passes(40) == passes(85) == 0  # a minute has not passed since
    assert passes(92) == 1
    assert [shown["count"] for shown in gateway.shown.values()] == [2, 2]
    assert [by(the_call(one), "sms", desk).outcome for one in (third, fourth)] == ["delivered"] * 2
    assert not stale_cards(desk)


def test_several_calls_sent_again_have_the_same_key(
    desk: Desk, called: tuple[UUID, Call], gateway: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    way(desk, gateway)
    other = desk.dispatched()
    at(0, timer=False)

    def killed(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(duty, "conclude", killed)
        with pytest.raises(SystemExit):
            passes(31)
    assert passes(32 + outside.CLAIM_S) == 1
    assert len(gateway.requests) == 2 and len(gateway.shown) == 1
    assert by(the_call(other), "sms", desk).outcome == "delivered"


def test_a_way_is_given_no_more_a_minute_than_it_takes(
    desk: Desk, called: tuple[UUID, Call], gateway: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    way(desk, gateway)
    Way.objects.update(per_minute=1)
    telephone(desk, "chengguan2", "13800000002")
    assert passes(31) == 1 and len(gateway.requests) == 1
    assert passes(32) == 0
    waits = by(called[1], "sms", desk, "chengguan2")
    sent = by(called[1], "sms", desk)
    if sent.outcome is None:
        waits, sent = sent, waits
    assert (waits.outcome, waits.tries, sent.outcome) == (None, 0, "delivered")
    later = time.monotonic() + pace.MINUTE_S
    monkeypatch.setattr(pace.time, "monotonic", lambda: later)
    assert passes(92) == 1
    waits.refresh_from_db()
    assert waits.outcome == "delivered"


def test_of_a_sensitive_matter_number_and_link_leave(desk: Desk, gateway: Side) -> None:
    way(desk, gateway)
    telephone(desk, "police")
    desk.dispatched(DOMESTIC_VIOLENCE, lead="police", position=desk.inside())
    at(0, timer=False)
    assert passes(31) == 1
    (shown,) = gateway.shown.values()
    assert shown["place"] is None and shown["link"] is None
    assert "网格" not in gateway.everything()


def test_an_exercise_never_goes_outside(desk: Desk, called: tuple[UUID, Call], gateway: Side) -> None:
    way(desk, gateway)
    Issue.objects.filter(pk=called[0]).update(exercise=True)
    assert passes(31) == passes(300) == 0
    assert not gateway.requests and not Attempt.objects.exclude(channel="page").exists()


def test_nothing_is_sent_for_a_call_that_has_ended(desk: Desk, called: tuple[UUID, Call], gateway: Side) -> None:
    way(desk, gateway)
    gateway.mood = "down"
    assert passes(31) == 1
    assert by(called[1], "sms", desk).next_at is not None
    answers(desk, called[1], "chengguan", 0.6)
    gateway.mood = "ok"
    assert passes(60) == 0
    sent = by(called[1], "sms", desk)
    assert (sent.outcome, sent.tries, sent.next_at) == ("not_needed", 1, None)
    assert len(gateway.requests) == 1


def test_who_is_killed_between_sending_and_recording_has_lost_nothing_and_doubled_nothing(
    desk: Desk, called: tuple[UUID, Call], gateway: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    way(desk, gateway)

    def killed(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(duty, "conclude", killed)
        with pytest.raises(SystemExit):
            passes(31)
    assert len(gateway.requests) == 1
    assert passes(40) == 0  # it may still be on its way
    assert passes(31 + outside.CLAIM_S + 1) == 1
    sent = by(called[1], "sms", desk)
    assert (sent.outcome, sent.tries) == ("delivered", 2)
    assert len(gateway.requests) == 2 and list(gateway.shown) == [str(sent.pk)]


def test_who_comes_back_after_the_claim_ran_out_records_nothing(
    desk: Desk, called: tuple[UUID, Call], gateway: Side
) -> None:
    way(desk, gateway)
    with shifted(31 * SECOND):
        (late,) = outside.claim(called[0], outside.Batch(clock.at(None), 8))
    passes(31 + outside.CLAIM_S + 1)
    before = by(called[1], "sms", desk)
    outside.conclude(late, duty.Outcome.TIMED_OUT)
    assert by(called[1], "sms", desk).version == before.version


def test_a_way_that_is_down_is_tried_again_then_the_next_is_taken_and_the_desk_is_told(
    desk: Desk, called: tuple[UUID, Call], gateway: Side, corp: Side
) -> None:
    way(desk, gateway)
    way(desk, corp, OutsideWay.WECOM, 2)
    gateway.mood = "down"
    tried = []
    for second in (31, 35, 37, 50, 58, 59, 60):
        passes(second)
        tried.append(len(gateway.requests))
    assert tried == [1, 1, 2, 2, 3, 3, 3]  # at once, five seconds later, twenty later
    first, second = by(called[1], "sms", desk), by(called[1], "wecom", desk)
    assert (first.outcome, first.tries, first.next_at) == ("unavailable", 3, None)
    assert second.outcome == "delivered" and len(corp.shown) == 1
    (alarm,) = failing_ways(actor=desk.actor("duty1"))
    assert (alarm.kind, alarm.outcome) == ("sms", "unavailable")
    assert not stale_cards(desk)


@pytest.mark.parametrize("mood", ["error_inside", "redirect", "refuses"])
def test_what_would_be_answered_the_same_again_is_not_repeated(
    desk: Desk, called: tuple[UUID, Call], gateway: Side, corp: Side, mood: str
) -> None:
    way(desk, gateway)
    way(desk, corp, OutsideWay.WECOM, 2)
    gateway.mood = mood
    passes(31)
    passes(32)
    assert len(gateway.requests) == 1 and not gateway.followed
    assert by(called[1], "wecom", desk).outcome == "delivered"


def test_a_wrong_secret_takes_the_next_way(desk: Desk, called: tuple[UUID, Call], gateway: Side, corp: Side) -> None:
    way(desk, gateway, secret="not-the-secret-of-it")
    way(desk, corp, OutsideWay.WECOM, 2)
    passes(31)
    passes(32)
    assert by(called[1], "sms", desk).outcome == "secret_wrong"
    assert by(called[1], "wecom", desk).outcome == "delivered"


def test_a_way_taken_out_of_use_is_not_taken(desk: Desk, called: tuple[UUID, Call], gateway: Side) -> None:
    way(desk, gateway)
    gateway.mood = "down"
    passes(31)
    Way.objects.update(in_use=False)
    assert passes(60) == 0
    assert by(called[1], "sms", desk).outcome == "not_in_use"


def test_one_whose_post_ended_is_not_called_outside(desk: Desk, called: tuple[UUID, Call], gateway: Side) -> None:
    way(desk, gateway)
    Person.objects.filter(pk=desk.built.people["chengguan"]).update(is_active=False)
    assert passes(31) == 0
    assert by(called[1], "sms", desk).outcome == "no_number"


def test_a_call_on_the_telephone_list_is_still_answered_by_who_was_reached_outside(
    desk: Desk, called: tuple[UUID, Call], gateway: Side
) -> None:
    way(desk, gateway)
    passes(31)
    answers(desk, called[1], "chengguan", 1)
    call = Call.objects.get(pk=called[1].pk)
    assert call.state == "answered" and call.answered_at is not None
    assert timedelta(0) < call.answered_at - call.called_at
