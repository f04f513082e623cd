"""Messages within a matter: who reads and writes them, what they ask, that they stay. docs/rules.md, "Messages"."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from command.access import PersonActor
from command.settings.models import Setting
from dispatch.matter.calls.models import Call
from dispatch.matter.issues.models import Issue, Note
from dispatch.matter.messages.models import Message, Reading
from dispatch.matter.messages.states import StrikeGround
from dispatch.matter.orders.models import Order
from dispatch.matter.reports.models import Report
from dispatch.reading.detail import issue_detail
from dispatch.reading.messages import MessageView
from dispatch.verbs import messages as verbs
from realtime.feed.contract import Answer, Audience
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.calls.called import answers as taps
from tests.dispatch.calls.called import the_call
from tests.dispatch.clocks.rows import stale_cards
from tests.dispatch.desk import DOMESTIC_VIOLENCE, MINUTE, STREET_LIGHT, Desk


def made(answer: Answer) -> UUID:
    """The message that was written."""
    told = json.loads(answer.body)["object"]
    assert told["kind"] == "message"
    return UUID(told["id"])


def facts_of(desk: Desk, message_id: UUID) -> list[dict[str, Any]]:
    """What was told of a message."""
    return [json.loads(fact.bytes) for fact in all_facts(desk.built.id) if fact.object_id == message_id]


def read_by(desk: Desk, issue_id: UUID, who: str) -> list[MessageView]:
    """The messages that somebody reads; none where the issue is not theirs."""
    try:
        return list(issue_detail(issue_id, actor=desk.actor(who)).messages)
    except (NotFound, Forbidden):
        return []


def in_an_hour(issue_id: UUID) -> datetime:
    """An hour from the issue's last act."""
    return Issue.objects.get(pk=issue_id).last_at + 60 * MINUTE


def asked(desk: Desk, item: str = STREET_LIGHT) -> tuple[UUID, UUID, UUID]:
    """The desk has asked the lead's unit: issue, order, message."""
    issue_id = desk.dispatched(item, assists=("power",), position=desk.inside())
    order_id = desk.lead(issue_id)
    unit, until = desk.unit("law_enforcement"), in_an_hour(issue_id)
    answer = orders.message(order_id, "何时到场？", asks=unit, answer_by=until, cmd=desk.command("duty1"))
    return issue_id, order_id, made(answer)


def test_who_asks_calls_the_unit_and_the_answer_ends_it(desk: Desk) -> None:
    issue_id, order_id, question = asked(desk)
    versions = Issue.objects.get(pk=issue_id).version, Order.objects.get(pk=order_id).version
    call = the_call(issue_id, "message")
    assert (call.state, call.message_id, call.order_id, call.unit_id) == (
        "open",
        question,
        order_id,
        desk.unit("law_enforcement"),
    )
    with pytest.raises(Forbidden) as another:
        orders.message(order_id, "我们不知道", answers=question, cmd=desk.command("duty1"))
    assert another.value.code == "message.asks_another"
    reply = made(orders.message(order_id, "十分钟后", answers=question, cmd=desk.command("chengguan")))
    call.refresh_from_db()
    assert (call.state, call.answered_by) == ("answered", f"person:{desk.built.people['chengguan']}")
    first = Message.objects.get(pk=question)
    assert first.answered_at is not None
    orders.message(order_id, "已到场", answers=question, cmd=desk.command("chengguan"))
    assert Message.objects.get(pk=question).answered_at == first.answered_at
    assert [fact["name"] for fact in facts_of(desk, question)] == ["message.made", "message.answered"]
    assert facts_of(desk, reply)[0]["card"]["answers"] == str(question)
    assert (Issue.objects.get(pk=issue_id).version, Order.objects.get(pk=order_id).version) == versions
    assert not stale_cards(desk)


def test_a_tap_quiets_the_call_and_is_no_answer(desk: Desk) -> None:
    issue_id, _, question = asked(desk)
    taps(desk, the_call(issue_id, "message"), "chengguan")
    [seen] = read_by(desk, issue_id, "chengguan")
    assert (seen.answered_at, seen.open_verbs) == (None, ("answer",))
    assert seen.id == question


@pytest.mark.parametrize("end", ["strike", "recall", "void"])
def test_what_is_struck_recalled_or_voided_is_silent_at_once(desk: Desk, end: str) -> None:
    issue_id, order_id, question = asked(desk)
    if end == "strike":
        verbs.strike(question, StrikeGround.MISTAKEN, cmd=desk.command("duty2"))
    elif end == "recall":
        orders.recall(order_id, "派错了", expected=1, cmd=desk.command("duty1"))
    else:
        issues.void(issue_id, "误录", expected=desk.version(issue_id), cmd=desk.command("lead"))
    assert the_call(issue_id, "message").state == "silenced"


def test_a_thread_is_its_orders_and_the_matters_own_is_for_all_of_them(desk: Desk) -> None:
    issue_id, order_id, _ = asked(desk)
    issues.message(issue_id, "路口积水，各方注意", cmd=desk.command("duty1"))
    with pytest.raises((NotFound, Forbidden)):
        orders.message(order_id, "插一句", cmd=desk.command("power"))
    seen = {
        who: [one.order == order_id for one in read_by(desk, issue_id, who)]
        for who in ("duty2", "chengguan", "power", "town", "community", "leader", "housing", "grid1")
    }
    assert seen == {
        "duty2": [True, False],
        "chengguan": [True, False],
        "power": [False],
        "town": [True, False],
        "community": [True, False],
        "leader": [],
        "housing": [],
        "grid1": [],
    }
    told = [entry.name for entry in issue_detail(issue_id, actor=desk.actor("leader")).timeline]
    assert "message.made" not in told
    threads = issue_detail(issue_id, actor=desk.actor("chengguan")).threads
    assert [(thread.order, thread.unit) for thread in threads] == [
        (None, desk.unit("law_enforcement")),
        (order_id, desk.unit("law_enforcement")),
    ]
    assert [thread.order for thread in issue_detail(issue_id, actor=desk.actor("town")).threads] == [None]


def test_of_what_is_sensitive_only_who_handles_it_reads(desk: Desk) -> None:
    issue_id = desk.dispatched(DOMESTIC_VIOLENCE, lead="police", assists=("power",), position=desk.inside())
    question = made(orders.message(desk.lead(issue_id), "请核实", cmd=desk.command("duty1")))
    assert {who: len(read_by(desk, issue_id, who)) for who in ("duty2", "police", "power", "town", "leader")} == {
        "duty2": 1,
        "police": 1,
        "power": 0,
        "town": 0,
        "leader": 0,
    }
    for fact in all_facts(desk.built.id):
        if fact.object_id == question:
            audience = Audience.of_wire(json.loads(fact.audience)["after"])
            assert not any(desk.actor(who).scope.sees(audience) for who in ("power", "town", "leader", "grid1"))


def test_words_are_sealed_masked_and_in_no_fact(desk: Desk) -> None:
    issue_id = desk.dispatched(position=desk.inside())
    written = orders.message(desk.lead(issue_id), "住户电话 13800138000", cmd=desk.command("duty1"))
    assert b"138" not in written.body
    assert not any(b"13800138000" in bytes(fact.bytes) for fact in all_facts(desk.built.id))
    assert b"138" not in bytes(Note.objects.get(kind="message").sealed)
    [seen] = read_by(desk, issue_id, "chengguan")
    assert seen.text is not None
    assert "13800138000" not in seen.text


def test_a_unit_reads_once_and_nobody_is_named(desk: Desk) -> None:
    issue_id, _, question = asked(desk)
    assert verbs.read(issue_id, [question], cmd=desk.command("duty2")) is None  # the desk's own
    assert verbs.read(issue_id, [question], cmd=desk.command("power")) is None  # not theirs
    assert verbs.read(issue_id, [question], cmd=desk.command("chengguan")) is not None
    assert verbs.read(issue_id, [question], cmd=desk.command("chengguan2")) is None
    [reading] = Reading.objects.all()
    unit = str(desk.unit("law_enforcement"))
    assert (reading.message_id, str(reading.unit_id)) == (question, unit)
    fact = facts_of(desk, question)[-1]
    assert (fact["name"], fact["body"]) == ("message.read", {"by": f"unit:{unit}", "unit": unit})
    assert [one["unit"] for one in fact["card"]["read"]] == [unit]
    with pytest.raises(Forbidden):
        verbs.read(issue_id, [question], cmd=desk.command("leader"))


def test_it_is_struck_by_its_unit_or_the_lead_once_and_stays_legible(desk: Desk) -> None:
    issue_id, _, question = asked(desk)
    with pytest.raises(Forbidden) as foreign:
        verbs.strike(question, StrikeGround.MISTAKEN, cmd=desk.command("chengguan"))
    assert foreign.value.code == "message.of_another"
    with pytest.raises(NotFound):
        verbs.strike(question, StrikeGround.MISTAKEN, cmd=desk.command("power"))
    theirs = made(orders.message(desk.lead(issue_id), "在路上", cmd=desk.command("chengguan")))
    verbs.strike(theirs, StrikeGround.OFF_THE_MATTER, cmd=desk.command("lead"))
    with pytest.raises(Conflict) as twice:
        verbs.strike(theirs, StrikeGround.TWICE, cmd=desk.command("chengguan2"))
    assert twice.value.code == "message.struck_before"
    seen = read_by(desk, issue_id, "chengguan")[-1]
    assert seen.struck is not None
    assert (seen.text, seen.struck.ground, seen.struck.by, seen.open_verbs) == (
        "在路上",
        "off_the_matter",
        "顾海平",
        (),
    )


def test_limits_are_the_centres(desk: Desk) -> None:
    issue_id = desk.dispatched(position=desk.inside())
    order_id, unit, until = desk.lead(issue_id), desk.unit("law_enforcement"), in_an_hour(issue_id)
    for name, value in (("message_chars", 50), ("messages_per_hour", 5)):
        Setting.objects.create(centre_id=desk.built.id, name=name, value=value, version=1)
    refused: list[tuple[dict[str, Any], str]] = [
        ({"text": "长" * 51}, "text.too_long"),
        ({"text": "\u200b "}, "text.empty"),
        ({"asks": unit}, "message.answer_by"),
        ({"answer_by": until}, "message.asks_nobody"),
        ({"asks": desk.unit("power"), "answer_by": until}, "message.asks_nobody"),
        ({"asks": desk.unit_of("duty1"), "answer_by": until}, "message.asks_nobody"),
        ({"asks": unit, "answer_by": until - timedelta(hours=2)}, "message.answer_by"),
        ({"asks": unit, "answer_by": until + timedelta(days=31)}, "message.answer_by"),
        ({"answers": order_id}, "message.not_to_answer"),
    ]
    for more, code in refused:
        with pytest.raises(Invalid) as why:
            orders.message(order_id, **{"text": "请核实", **more}, cmd=desk.command("duty1"))
        assert (why.value.code, why.value.rule is not None) == (code, True), more
    for _ in range(5):
        orders.message(order_id, "请核实", cmd=desk.command("duty1"))
    with pytest.raises(Conflict) as often:
        orders.message(order_id, "请核实", cmd=desk.command("duty1"))
    assert often.value.code == "message.too_many"
    orders.message(order_id, "请核实", cmd=desk.command("duty2"))


def test_a_units_words_of_danger_are_heard_and_the_desks_own_are_not(desk: Desk) -> None:
    issue_id = desk.dispatched(position=desk.inside())
    orders.message(desk.lead(issue_id), "是不是着火了？", cmd=desk.command("duty1"))
    assert not Call.objects.filter(issue_id=issue_id, kind="danger").exists()
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    said = made(orders.progress(desk.lead(issue_id), "现场着火了，有人被困", cmd=desk.command("chengguan")))
    assert facts_of(desk, said)[0]["body"]["danger"]
    assert the_call(issue_id, "danger").state == "open"


@pytest.mark.mechanism("M84")
def test_what_a_member_entered_can_be_added_to_and_never_altered(desk: Desk) -> None:
    """The report, what was tried, messages: each has its time, and the database keeps each as it is."""
    issue_id = desk.reported(by="grid1", position=desk.inside())
    report = Report.objects.get(issue_id=issue_id)
    actor = desk.actor("grid1")
    assert isinstance(actor, PersonActor)
    assert report.post_id == actor.posts[0].id
    issues.pass_up(issue_id, "劝过两次", expected=desk.version(issue_id), cmd=desk.command("grid1"))
    added = Message.objects.get(pk=made(issues.message(issue_id, "又漏了一次", cmd=desk.command("grid1"))))
    assert added.at > report.received_at
    note = Note.objects.get(issue_id=issue_id, kind="passed_up")
    later = added.at + MINUTE
    alterations = [
        lambda: Report.objects.filter(pk=report.pk).update(sealed=b"other"),
        lambda: Report.objects.filter(pk=report.pk).update(received_at=later),
        lambda: Report.objects.filter(pk=report.pk).delete(),
        lambda: Note.objects.filter(pk=note.pk).update(sealed=b"other"),
        lambda: Note.objects.filter(pk=note.pk).update(at=later),
        lambda: Note.objects.filter(pk=added.note_id).update(by="person:other"),
        lambda: Message.objects.filter(pk=added.pk).update(at=later),
        lambda: Message.objects.filter(pk=added.pk).update(note=note),
        lambda: _deleted("matter_messages_message", added.pk),
        lambda: _deleted("issues_note", note.pk),
    ]
    for number, alter in enumerate(alterations):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            alter()
            pytest.fail(f"alteration {number} was taken")
    assert [one.id for one in read_by(desk, issue_id, "duty1")] == [added.pk]
    assert [one.id for one in read_by(desk, issue_id, "grid1")] == [added.pk]


def _deleted(table: str, key: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [key])  # our own tables
