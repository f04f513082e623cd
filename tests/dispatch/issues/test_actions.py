"""The desk's verbs: what each does, and each refusal in its order: key, scope, right, state, version, content."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from command.access import Role
from command.people import actions as people
from command.people.models import Person
from command.units.models import Unit
from dispatch.matter.clocks.models import Clock, Due
from dispatch.matter.issues.models import Issue, IssueKey, Note
from dispatch.matter.issues.outcomes import Closing, Ground, Outcome
from dispatch.matter.orders.models import Order
from dispatch.reading.detail import issue_detail
from realtime.feed.errors import (
    Conflict,
    Forbidden,
    Invalid,
    KeyReused,
    NotFound,
    Replayed,
    StaleVersion,
    VersionRequired,
)
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import DOMESTIC_VIOLENCE, GAS_LEAK, Desk, read

RESOLVED = Closing(Outcome.RESOLVED, followed_up=True)
Act = Callable[..., Any]

# Every verb of the desk, with good content, on an issue that is at the right place for it.
VERBS: dict[str, tuple[Callable[[Desk], UUID], Act]] = {
    "accept": (lambda desk: desk.reported(), lambda issue_id, expected, cmd: issues.accept(issue_id, cmd=cmd)),
    "decline": (
        lambda desk: desk.accepted(),
        lambda issue_id, expected, cmd: issues.decline(
            issue_id, Ground.ALREADY_ANSWERED, "已答复", expected=expected, cmd=cmd
        ),
    ),
    "file": (
        lambda desk: desk.accepted(),
        lambda issue_id, expected, cmd: issues.file(issue_id, expected=expected, cmd=cmd),
    ),
    "dispatch": (
        lambda desk: desk.filed(),
        lambda issue_id, expected, cmd: issues.dispatch(
            issue_id,
            Unit.objects.get(code="housing", centre__code="330199").pk,
            reason="灯杆归住建",
            expected=expected,
            cmd=cmd,
        ),
    ),
    "verify": (
        lambda desk: desk.fed_back(),
        lambda issue_id, expected, cmd: issues.verify(issue_id, expected=expected, cmd=cmd),
    ),
    "rework": (
        lambda desk: desk.fed_back(),
        lambda issue_id, expected, cmd: issues.rework(
            issue_id, [Order.objects.get(issue_id=issue_id).pk], "重做", expected=expected, cmd=cmd
        ),
    ),
    "close": (
        lambda desk: desk.verified(),
        lambda issue_id, expected, cmd: issues.close(issue_id, RESOLVED, expected=expected, cmd=cmd),
    ),
    "reveal": (lambda desk: desk.reported(), lambda issue_id, expected, cmd: issues.reveal(issue_id, "核实", cmd=cmd)),
}
VERSIONED = [verb for verb in VERBS if verb not in ("accept", "reveal")]
STEPS = [verb for verb in VERBS if verb != "reveal"]


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_refused_to_who_lacks_the_right(desk: Desk, verb: str) -> None:
    prepare, act = VERBS[verb]
    issue_id = prepare(desk)
    with pytest.raises(Forbidden):
        act(issue_id, desk.version(issue_id), desk.command("leader"))


@pytest.mark.parametrize("verb", VERBS)
def test_a_foreign_issue_does_not_exist_for_any_verb(desk: Desk, other_desk: Desk, verb: str) -> None:
    prepare, act = VERBS[verb]
    issue_id = prepare(desk)
    version = desk.version(issue_id)
    with pytest.raises(NotFound):
        act(issue_id, version, other_desk.command("o_duty1"))
    with pytest.raises(NotFound):  # a unit without an order of it
        act(issue_id, version, desk.command("police"))
    with pytest.raises(NotFound):
        issues.accept(uuid4(), cmd=desk.command("duty1"))


@pytest.mark.parametrize("verb", STEPS)
def test_each_verb_is_refused_in_a_closed_issue_with_nothing_but_an_emergency_open(desk: Desk, verb: str) -> None:
    issue_id = desk.closed()
    with pytest.raises(Conflict) as refused:
        VERBS[verb][1](issue_id, 1, desk.command("duty1"))
    assert refused.value.code == "issue.not_open"
    assert (refused.value.extra["state"], refused.value.extra["verb"]) == ("closed", verb)
    assert refused.value.extra["open"] == ["refer_emergency"]


@pytest.mark.parametrize("verb", VERSIONED)
def test_each_verb_wants_the_version_that_was_seen(desk: Desk, verb: str) -> None:
    prepare, act = VERBS[verb]
    issue_id = prepare(desk)
    with pytest.raises(VersionRequired):
        act(issue_id, None, desk.command("duty1"))
    with pytest.raises(StaleVersion) as refused:
        act(issue_id, desk.version(issue_id) - 1, desk.command("duty1"))
    assert refused.value.extra["version"] == desk.version(issue_id)
    act(issue_id, desk.version(issue_id), desk.command("duty1"))


def test_a_refusal_frees_its_key_and_a_repeat_gets_the_first_answer(desk: Desk) -> None:
    issue_id = desk.accepted()
    cmd = desk.command("duty1", key="k")
    with pytest.raises(StaleVersion):
        issues.file(issue_id, expected=1, cmd=cmd)
    first = issues.file(issue_id, expected=2, cmd=cmd)
    with pytest.raises(Replayed) as repeated:
        issues.file(issue_id, expected=2, cmd=cmd)
    assert repeated.value.answer == first
    with pytest.raises(KeyReused):
        issues.file(issue_id, expected=2, cmd=desk.command("duty1", key="k", body=b"another"))


def test_a_rival_of_accept_is_told_who_was_first(desk: Desk) -> None:
    issue_id = desk.accepted()
    with pytest.raises(Conflict) as refused:
        issues.accept(issue_id, cmd=desk.command("duty2"))
    assert refused.value.detail == "事项为「已受理」，上一步由 值班席 林晓舟 完成，不能受理。"
    assert refused.value.remedy == "当前可以：不予受理、并案、立案、更正、撤回诉求、转警转急、留言。"
    assert refused.value.extra["open"] == [
        "decline",
        "merge",
        "file",
        "amend",
        "withdraw",
        "refer_emergency",
        "message",
    ]
    assert refused.value.extra["by"] == {"name": "林晓舟", "unit": "值班席"}


def test_accept_ends_the_relay_up(desk: Desk) -> None:
    issue_id = desk.reported()
    assert Due.objects.filter(clock__kind="relay_up", fired_at=None).count() == 3
    answer = read(issues.accept(issue_id, cmd=desk.command("duty1")))
    clock = Clock.objects.get(issue_id=issue_id, kind="relay_up")
    assert clock.stopped_at == Issue.objects.get(pk=issue_id).accepted_at
    assert not Due.objects.filter(clock=clock).exists()  # taken back: it will never fire
    assert answer["card"]["state"] == "accepted"
    assert answer["version"] == desk.version(issue_id) == 2


def test_an_urgent_issue_is_declined_by_the_duty_lead_only(desk: Desk) -> None:
    issue_id = desk.reported(GAS_LEAK)
    with pytest.raises(Forbidden):
        issues.decline(issue_id, Ground.NOT_A_MATTER, "不属", expected=1, cmd=desk.command("duty1"))
    issues.decline(issue_id, Ground.NOT_A_MATTER, "不属", expected=1, cmd=desk.command("lead"))
    issue = Issue.objects.get(pk=issue_id)
    assert (issue.state, issue.ground) == ("declined", "not_a_matter")


@pytest.mark.parametrize("text", ["", "   ", "字" * 2001])
def test_a_text_says_something_and_not_too_much(desk: Desk, text: str) -> None:
    issue_id = desk.reported()
    with pytest.raises(Invalid) as refused:
        issues.decline(issue_id, Ground.NOT_A_MATTER, text, expected=1, cmd=desk.command("duty1"))
    assert refused.value.field == "text"


def test_dispatch_makes_the_unit_responsible_and_starts_both_relays_down(desk: Desk) -> None:
    issue_id = desk.dispatched(assists=("power", "housing"))
    issue = Issue.objects.get(pk=issue_id)
    assert issue.responsible_id == desk.unit("law_enforcement")
    assert sorted(Order.objects.values_list("role", flat=True)) == ["assist", "assist", "lead"]
    kinds = sorted(Clock.objects.filter(stopped_at=None).values_list("kind", flat=True))
    assert kinds == ["handling_issue", *["handling_order"] * 3, "relay_down_issue", *["relay_down_order"] * 3]
    assert {clock.due_at - clock.started_at for clock in Clock.objects.filter(kind__startswith="relay")} == {
        timedelta(minutes=60)
    }


def test_dispatch_needs_a_unit_that_somebody_answers_for(desk: Desk) -> None:
    issue_id = desk.filed()
    Person.objects.filter(username="power").update(is_active=False)
    cmd = desk.command("duty1")
    for unit, assists, code in [
        (desk.unit("power"), [], "unit.no_liaison"),
        (desk.unit("housing"), [desk.unit("power")], "unit.no_liaison"),
        (desk.unit("duty_desk"), [], "unit.no_liaison"),
        (uuid4(), [], "unit.unknown"),
        (desk.unit("housing"), [desk.unit("housing")], "order.unit_twice"),
        (desk.unit("housing"), [uuid4() for _ in range(21)], "order.too_many_assists"),
    ]:
        with pytest.raises(Invalid) as refused:
            issues.dispatch(issue_id, unit, assists, expected=3, cmd=cmd)
        assert refused.value.code == code
    with pytest.raises(Invalid, match="供电公司目前没有在岗联络员，不能派遣"):
        issues.dispatch(issue_id, desk.unit("power"), expected=3, cmd=cmd)
    assert not Order.objects.exists()


@pytest.mark.mechanism("M79")
def test_who_handled_it_may_not_verify_it(desk: Desk) -> None:
    people.give_post(
        desk.built.people["both"],
        Role.LIAISON,
        desk.unit("law_enforcement"),
        cmd=_administrator(desk),
    )
    issue_id = desk.dispatched()
    lead = desk.lead(issue_id)
    orders.acknowledge(lead, cmd=desk.command("both"))
    desk.feeds_back(lead, by="both")
    with pytest.raises(Forbidden) as refused:
        issues.verify(issue_id, expected=desk.version(issue_id), cmd=desk.command("both"))
    assert refused.value.code == "issue.handled_by_you"
    issues.verify(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty1"))


@pytest.mark.mechanism("M79")
def test_who_only_began_to_handle_it_may_not_verify_it_either(desk: Desk) -> None:
    people.give_post(desk.built.people["both"], Role.LIAISON, desk.unit("law_enforcement"), cmd=_administrator(desk))
    issue_id = desk.dispatched()
    lead = desk.lead(issue_id)
    orders.acknowledge(lead, cmd=desk.command("both"))
    orders.start(lead, expected=2, cmd=desk.command("both"))
    desk.feeds_back(lead, by="chengguan")
    assert "verify" not in issue_detail(issue_id, actor=desk.actor("both")).open_verbs
    assert "verify" in issue_detail(issue_id, actor=desk.actor("duty1")).open_verbs
    with pytest.raises(Forbidden) as refused:
        issues.verify(issue_id, expected=desk.version(issue_id), cmd=desk.command("both"))
    assert refused.value.code == "issue.handled_by_you"


@pytest.mark.mechanism("M79")
def test_verify_waits_for_every_open_order(desk: Desk) -> None:
    issue_id = desk.fed_back(assists=("power",))
    with pytest.raises(Conflict) as refused:
        issues.verify(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert refused.value.code == "issue.order_open"
    assert refused.value.extra["orders"] == [str(desk.order_of(issue_id, "power"))]


def test_rework_names_the_lead_and_orders_of_this_issue(desk: Desk) -> None:
    issue_id = desk.fed_back(assists=("power",))
    assist = desk.order_of(issue_id, "power")
    orders.acknowledge(assist, cmd=desk.command("power"))
    desk.feeds_back(assist, by="power")
    version = desk.version(issue_id)
    with pytest.raises(Invalid) as invalid:
        issues.rework(issue_id, [assist], "重做", expected=version, cmd=desk.command("duty1"))
    assert invalid.value.code == "issue.rework_without_lead"
    with pytest.raises(NotFound):
        issues.rework(issue_id, [desk.lead(desk.fed_back())], "重做", expected=version, cmd=desk.command("duty1"))
    with pytest.raises(NotFound):  # before anything is said about the state
        issues.rework(desk.filed(), [assist], "重做", expected=None, cmd=desk.command("duty1"))
    issues.rework(issue_id, [desk.lead(issue_id), assist], "重做", expected=version, cmd=desk.command("duty1"))
    assert set(Order.objects.filter(issue_id=issue_id).values_list("state", "rework_count")) == {("in_handling", 1)}


def test_rework_of_an_order_that_was_not_answered_is_refused(desk: Desk) -> None:
    issue_id = desk.fed_back(assists=("power",))
    named = [desk.lead(issue_id), desk.order_of(issue_id, "power")]
    with pytest.raises(Conflict) as refused:
        issues.rework(issue_id, named, "重做", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert (refused.value.code, refused.value.extra["state"]) == ("order.not_open", "sent")


NOW = datetime.now(UTC)
TOMORROW = NOW.date() + timedelta(days=2)  # the day after it too, wherever the centre's day begins


@pytest.mark.parametrize(
    ("closing", "field"),
    [
        (Closing(Outcome.NOT_RESOLVED, followed_up=True), "reason"),
        (Closing(Outcome.NOT_RESOLVED, followed_up=True, reason="谈不拢"), "told_at"),
        (
            Closing(Outcome.NOT_RESOLVED, followed_up=True, reason="谈不拢", told_at=datetime(2099, 1, 1, tzinfo=UTC)),
            "told_at",
        ),
        (Closing(Outcome.RESOLVED, followed_up=True, told_at=datetime(2099, 1, 1, tzinfo=UTC)), "told_at"),
        (Closing(Outcome.RESOLVED, followed_up=True, next_on=date(2026, 1, 1)), "next_on"),
        (Closing(Outcome.FOLLOWED, followed_up=True), "next_on"),
        (Closing(Outcome.FOLLOWED, followed_up=True, next_on=date(2026, 1, 1)), "next_on"),
        (Closing(Outcome.RESOLVED, followed_up=False), "waive_reason"),
        (Closing(Outcome.WITHDRAWN, followed_up=True), "outcome"),
    ],
)
def test_each_outcome_has_what_it_requires(desk: Desk, closing: Closing, field: str) -> None:
    issue_id = desk.verified()
    with pytest.raises(Invalid) as refused:
        issues.close(issue_id, closing, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert refused.value.field == field


@pytest.mark.parametrize(
    "closing",
    [
        RESOLVED,
        Closing(Outcome.RESOLVED, followed_up=False, waive_reason="匿名来电"),
        Closing(Outcome.NOT_RESOLVED, followed_up=True, reason="谈不拢", told_at=NOW - timedelta(days=300)),
        Closing(Outcome.FOLLOWED, followed_up=True, next_on=TOMORROW),
    ],
)
def test_closing_ends_the_issue_and_settles_its_reports(desk: Desk, closing: Closing) -> None:
    issue_id = desk.verified()
    answer = read(issues.close(issue_id, closing, expected=desk.version(issue_id), cmd=desk.command("duty1")))
    assert (answer["card"]["open"], answer["card"]["outcome"]) == (False, closing.outcome)
    assert [fact.name for fact in all_facts(desk.built.id)][-2:] == ["report.settled", "issue.closed"]


def test_a_reveal_leaves_a_fact_without_content(desk: Desk) -> None:
    issue_id = desk.reported()
    issues.reveal(issue_id, "回电核实,电话 13812341234", cmd=desk.command("duty1"))
    fact = list(all_facts(desk.built.id))[-1]
    assert (fact.name, fact.object_kind) == ("reveal.made", "reveal")
    assert "核实".encode() not in fact.bytes
    assert b"13812341234" not in fact.bytes
    assert b'"class":"desk"' in fact.audience
    assert desk.version(issue_id) == 1  # the issue itself did not change


def test_a_liaison_reveals_only_what_was_sent_to_the_unit(desk: Desk) -> None:
    issue_id = desk.filed(DOMESTIC_VIOLENCE)
    with pytest.raises(NotFound):
        issues.reveal(issue_id, "核实", cmd=desk.command("police"))
    issues.dispatch(issue_id, desk.unit("police"), expected=3, cmd=desk.command("duty1"))
    issues.reveal(issue_id, "核实", cmd=desk.command("police"))
    assert Note.objects.filter(kind="reveal_reason").count() == 1


def test_an_erased_issue_takes_no_more_words(desk: Desk) -> None:
    issue_id = desk.reported()
    IssueKey.objects.filter(pk=issue_id).delete()
    with pytest.raises(Conflict) as refused:
        issues.reveal(issue_id, "核实", cmd=desk.command("duty1"))
    assert refused.value.code == "issue.erased"


@pytest.mark.mechanism("M77")
def test_no_fact_carries_personal_data_or_free_text(desk: Desk) -> None:
    issue_id = desk.fed_back(position=desk.inside())
    lead = desk.lead(issue_id)
    issues.rework(issue_id, [lead], "王建国说灯还是不亮", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    stored = b"".join(fact.bytes for fact in all_facts(desk.built.id))
    for word in ("王建国", "13812341234", "路灯不亮", "和平路", "已更换", "还是不亮", "林晓舟"):
        assert word.encode() not in stored
    sealed = b"".join(bytes(row) for row in Note.objects.values_list("sealed", flat=True))
    assert "灯泡".encode() not in sealed


def _administrator(desk: Desk) -> Any:
    enrolled = people.enrol(
        desk.built.id,
        desk.built.root,
        [people.NewPerson("keeper", "管家", None, (people.NewPost(desk.unit("duty_desk"), Role.ADMINISTRATOR),))],
    )
    desk.built.people["keeper"] = enrolled[0]  # type: ignore[index]
    return desk.command("keeper")
