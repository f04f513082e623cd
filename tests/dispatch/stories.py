"""Every action of the loop once: how far the issue has gone before it, and the action itself."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from command.catalogue.contract import Level
from dispatch.matter.clock_law import fire_due
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Closing, Ground, Outcome
from dispatch.matter.orders.models import Order, Result
from dispatch.matter.replies.models import Channel as ReplyChannel
from dispatch.matter.reports.models import Report
from dispatch.matter.reports.reporters import ReporterActor
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from dispatch.matter.texts.emergencies import EmergencyNumber
from dispatch.verbs import replies
from dispatch.verbs import report as intake
from dispatch.verbs.amending import Amendment
from dispatch.verbs.replies import NewReply
from dispatch.verbs.report import NewReport
from realtime.feed.clock import shifted
from realtime.feed.contract import Answer, Command
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as forwarding
from tests.dispatch import order_verbs as orders
from tests.dispatch import order_verbs as returns
from tests.dispatch.desk import DOMESTIC_VIOLENCE, MINUTE, NOISE, PERSONAL, STREET_LIGHT, Desk
from tests.dispatch.paper import FROM_PAPER
from tests.dispatch.story import Act, Story


def _placed(desk: Desk) -> UUID:
    return desk.reported(position=desk.inside())


def _on(unit: str, act: Callable[[UUID, int, Command], Answer]) -> Act:
    """An action on the order of a unit."""

    def run(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
        order_id = desk.order_of(issue_id, unit)
        return act(order_id, Order.objects.get(pk=order_id).version, cmd)

    return run


def _report(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    return intake.report(NewReport("hotline_12345", STREET_LIGHT, PERSONAL, position=desk.inside()), cmd=cmd)


def _decline(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    expected = desk.version(issue_id)
    return issues.decline(issue_id, Ground.NOT_IN_JURISDICTION, "不属本区", expected=expected, cmd=cmd)


def _dispatch(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    lead, assists = desk.unit("law_enforcement"), [desk.unit("power")]
    reason = None if Issue.objects.get(pk=issue_id).item == STREET_LIGHT else "按职责分工"
    return issues.dispatch(issue_id, lead, assists, reason=reason, expected=desk.version(issue_id), cmd=cmd)


def _rework(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    named = [desk.lead(issue_id)]
    return issues.rework(issue_id, named, "没有修好", expected=desk.version(issue_id), cmd=cmd)


def _close(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    closing = Closing(Outcome.RESOLVED, followed_up=False, waive_reason="匿名来电")
    return issues.close(issue_id, closing, expected=desk.version(issue_id), cmd=cmd)


def _with_assist(desk: Desk) -> UUID:
    return desk.dispatched(assists=("power",), position=desk.inside())


def _in_township(desk: Desk) -> UUID:
    """A report that the township's centre holds."""
    issue_id = desk.reported(by="town", position=desk.inside())
    assert Issue.objects.get(pk=issue_id).responsible_id == desk.unit("township")
    return issue_id


def _taken_on(desk: Desk) -> UUID:
    issue_id = _with_assist(desk)
    for unit, person in (("law_enforcement", "chengguan"), ("power", "power")):
        orders.acknowledge(desk.order_of(issue_id, unit), cmd=desk.command(person))
    return issue_id


def _an_hour_later(desk: Desk, issue_id: UUID, cmd: Command) -> None:
    with shifted(60 * MINUTE):
        assert fire_due() >= 1


def _breached(desk: Desk) -> UUID:
    issue_id = _with_assist(desk)
    _an_hour_later(desk, issue_id, desk.command("duty1"))
    return issue_id


def _after_the_breach(act: Act) -> Act:
    def run(desk: Desk, issue_id: UUID, cmd: Command) -> Answer | None:
        with shifted(61 * MINUTE):
            return act(desk, issue_id, cmd)

    return run


def _acknowledge_late(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    with shifted(60 * MINUTE):
        return orders.acknowledge(desk.lead(issue_id), cmd=cmd)


def _feed_back(order_id: UUID, expected: int, cmd: Command) -> Answer:
    return orders.feed_back(order_id, Result.HANDLED, "已处理", expected=expected, cmd=cmd)


def _acknowledge(order_id: UUID, expected: int, cmd: Command) -> Answer:
    return orders.acknowledge(order_id, cmd=cmd)


def _message(order_id: UUID, expected: int, cmd: Command) -> Answer:
    order = Order.objects.get(pk=order_id)
    return orders.message(order_id, "何时到场？", asks=order.unit_id, answer_by=order.sent_at + 60 * MINUTE, cmd=cmd)


def _progress(order_id: UUID, expected: int, cmd: Command) -> Answer:
    return orders.progress(order_id, "已到现场", cmd=cmd)


def _start(order_id: UUID, expected: int, cmd: Command) -> Answer:
    return orders.start(order_id, expected=expected, cmd=cmd)


def _on_issue(act: Callable[..., Answer], *words: object) -> Act:
    """A verb of the issue with its words."""
    return lambda desk, issue_id, cmd: act(issue_id, *words, expected=desk.version(issue_id), cmd=cmd)


def _declined(desk: Desk) -> UUID:
    issue_id = _placed(desk)
    _decline(desk, issue_id, desk.command("duty1"))
    return issue_id


def _beside_another(desk: Desk) -> UUID:
    """A major issue that is being handled, and a new report of the same thing: the new one."""
    other = desk.dispatched(assists=("power",), position=desk.inside())
    desk.remembered["target"] = other
    return desk.reported(level=Level.MAJOR, position=desk.inside())


def _merge(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    return issues.merge(issue_id, desk.remembered["target"], "同一盏灯", expected=desk.version(issue_id), cmd=cmd)


def _merged(desk: Desk) -> UUID:
    issue_id = _beside_another(desk)
    _merge(desk, issue_id, desk.command("duty1"))
    return issue_id


def _settle(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    expected = desk.version(issue_id)
    return issues.settle_on_spot(issue_id, "双方握手言和", consent=True, expected=expected, cmd=cmd)


def _suspend(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    until = Issue.objects.get(pk=issue_id).last_at + timedelta(days=10)
    return issues.suspend(issue_id, until, "等汛期过去", expected=desk.version(issue_id), cmd=cmd)


def _suspended(desk: Desk) -> UUID:
    issue_id = _taken_on(desk)
    _suspend(desk, issue_id, desk.command("lead"))
    return issue_id


def _recall(order_id: UUID, expected: int, cmd: Command) -> Answer:
    return orders.recall(order_id, "派错了", expected=expected, cmd=cmd)


def _recalled(desk: Desk) -> UUID:
    issue_id = _taken_on(desk)
    _on("law_enforcement", _recall)(desk, issue_id, desk.command("duty1"))
    return issue_id


def _redispatch(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    unit = desk.unit("police")
    return issues.redispatch(issue_id, unit, reason="交警处置", expected=desk.version(issue_id), cmd=cmd)


def _add_assist(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    return issues.add_assist(issue_id, [desk.unit("power")], expected=desk.version(issue_id), cmd=cmd)


def _request(order_id: UUID, expected: int, cmd: Command) -> Answer:
    ground = ReturnGround.NOT_OUR_DUTY
    return returns.request_return(order_id, ground, None, "灯杆是住建的", expected=expected, cmd=cmd)


def _asked(desk: Desk) -> UUID:
    issue_id = _with_assist(desk)
    _on("law_enforcement", _request)(desk, issue_id, desk.command("chengguan"))
    return issue_id


def _on_request(act: Callable[..., Answer]) -> Act:
    def run(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
        request = ReturnRequest.objects.get(issue_id=issue_id)
        return act(request.pk, "经研究", expected=request.version, cmd=cmd)

    return run


def _amend_to_sensitive(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    asked = Amendment(item=DOMESTIC_VIOLENCE, level=Level.MAJOR)
    return issues.amend(issue_id, asked, "实为家暴", expected=desk.version(issue_id), cmd=cmd)


def _amend_place(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    asked = Amendment(position=desk.inside(other=True), urgent=True)
    return issues.amend(issue_id, asked, "位置有误", expected=desk.version(issue_id), cmd=cmd)


def _withdrawn(desk: Desk) -> UUID:
    issue_id = _asked(desk)
    _on_issue(issues.withdraw, "不追究了")(desk, issue_id, desk.command("duty1"))
    return issue_id


def _close_as_withdrawn(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    closing = Closing(Outcome.WITHDRAWN, followed_up=False)
    return issues.close(issue_id, closing, expected=desk.version(issue_id), cmd=cmd)


def _refer(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    told_at = Issue.objects.get(pk=issue_id).last_at
    return issues.refer_emergency(issue_id, EmergencyNumber.POLICE, told_at, "已出警", cmd=cmd)


def _a_month_later(desk: Desk, issue_id: UUID, cmd: Command) -> None:
    with shifted(timedelta(days=31)):
        assert issues.archive_due() == 1


def _reply(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    return replies.reply(_report_of(issue_id), NewReply(ReplyChannel.TELEPHONE, "今晚修复"), cmd=cmd)


def _reporter_adds(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    report = Report.objects.select_related("issue").get(issue_id=issue_id)
    actor = ReporterActor(report.pk, issue_id, desk.built.id, (report.issue.place,))
    return replies.add(report.pk, "又灭了一盏", cmd=Command(actor, cmd.key, cmd.body_hash))


def _report_of(issue_id: UUID) -> UUID:
    return Report.objects.get(issue_id=issue_id).pk


def _with_township(desk: Desk) -> UUID:
    return desk.dispatched(NOISE, lead="township", assists=("power",), position=desk.inside())


def _forward(order_id: UUID, expected: int, cmd: Command) -> Answer:
    centre = Order.objects.get(pk=order_id).issue.centre
    taker = centre.units.get(kind="community_centre").pk
    return forwarding.forward(order_id, taker, expected=expected, cmd=cmd)


def _take_back(order_id: UUID, expected: int, cmd: Command) -> Answer:
    return forwarding.take_back(order_id, expected=expected, cmd=cmd)


def _forwarded(desk: Desk) -> UUID:
    issue_id = _with_township(desk)
    _on("township", _forward)(desk, issue_id, desk.command("town"))
    return issue_id


def _forwarded_on_the_way(desk: Desk) -> UUID:
    """The township took it on before it forwarded it."""
    issue_id = _with_township(desk)
    orders.acknowledge(desk.order_of(issue_id, "township"), cmd=desk.command("town"))
    _on("township", _forward)(desk, issue_id, desk.command("town"))
    return issue_id


def _taken_on_by_the_taker(desk: Desk) -> UUID:
    issue_id = _forwarded(desk)
    orders.acknowledge(desk.order_of(issue_id, "township"), cmd=desk.command("community"))
    return issue_id


STORIES: dict[str, Story] = {
    "report": Story(_placed, _report),
    "accept": Story(_placed, lambda desk, issue_id, cmd: issues.accept(issue_id, cmd=cmd)),
    "decline": Story(_placed, _decline),
    "file": Story(
        lambda desk: desk.accepted(position=desk.inside()),
        lambda desk, issue_id, cmd: issues.file(issue_id, expected=desk.version(issue_id), cmd=cmd),
    ),
    "dispatch": Story(lambda desk: desk.filed(position=desk.inside()), _dispatch),
    "acknowledge_lead": Story(_with_assist, _on("law_enforcement", _acknowledge), "chengguan"),
    "acknowledge_assist": Story(_with_assist, _on("power", _acknowledge), "power"),
    "acknowledge_past_due": Story(_with_assist, _acknowledge_late, "chengguan"),
    "start": Story(_taken_on, _on("law_enforcement", _start), "chengguan"),
    "start_assist": Story(_taken_on, _on("power", _start), "power"),
    "feed_back_lead": Story(_taken_on, _on("law_enforcement", _feed_back), "chengguan"),
    "feed_back_assist": Story(_taken_on, _on("power", _feed_back), "power"),
    "verify": Story(
        lambda desk: desk.fed_back(position=desk.inside()),
        lambda desk, issue_id, cmd: issues.verify(issue_id, expected=desk.version(issue_id), cmd=cmd),
    ),
    "rework": Story(lambda desk: desk.verified(position=desk.inside()), _rework),
    "close": Story(lambda desk: desk.verified(position=desk.inside()), _close),
    "reveal": Story(_placed, lambda desk, issue_id, cmd: issues.reveal(issue_id, "回电核实", cmd=cmd)),
    "breach_of_relay_up": Story(_placed, _an_hour_later),
    "breach_of_relay_down": Story(_with_assist, _an_hour_later),
    "pass_up": Story(_in_township, _on_issue(issues.pass_up, "劝过两次"), "town"),
    "reconsider": Story(_declined, _on_issue(issues.reconsider, "确属本区"), "lead"),
    "merge": Story(_beside_another, _merge),
    "unmerge": Story(_merged, _on_issue(issues.unmerge, "不是同一盏灯"), "lead"),
    "settle_on_spot": Story(_placed, _settle, "town"),
    "message": Story(_taken_on, _on("law_enforcement", _message)),
    "progress": Story(_taken_on, _on("law_enforcement", _progress), "chengguan"),
    "add_assist": Story(lambda desk: desk.dispatched(position=desk.inside()), _add_assist),
    "recall_lead": Story(_taken_on, _on("law_enforcement", _recall)),
    "recall_assist": Story(_taken_on, _on("power", _recall)),
    "recall_of_an_answer": Story(lambda desk: desk.fed_back(position=desk.inside()), _on("law_enforcement", _recall)),
    "redispatch": Story(_recalled, _redispatch),
    "suspend": Story(_taken_on, _suspend, "lead"),
    "resume": Story(_suspended, _on_issue(issues.resume, "雨停了"), "lead"),
    "feed_back_while_suspended": Story(_suspended, _on("law_enforcement", _feed_back), "chengguan"),
    "request_return_of_a_sent_order": Story(_with_assist, _on("law_enforcement", _request), "chengguan"),
    "request_return": Story(_taken_on, _on("power", _request), "power"),
    "grant": Story(_asked, _on_request(returns.grant), "lead"),
    "compel": Story(_asked, _on_request(returns.compel), "lead"),
    "feed_back_with_a_request": Story(_asked, _on("law_enforcement", _feed_back), "chengguan"),
    "recall_with_a_request": Story(_asked, _on("law_enforcement", _recall)),
    "forward": Story(_with_township, _on("township", _forward), "town"),
    "take_back": Story(_forwarded, _on("township", _take_back), "town"),
    "acknowledge_forward": Story(_forwarded, _on("township", _acknowledge), "community"),
    "acknowledge_forward_on_the_way": Story(_forwarded_on_the_way, _on("township", _acknowledge), "community"),
    "feed_back_by_the_taker": Story(_taken_on_by_the_taker, _on("township", _feed_back), "community"),
    "feed_back_over_the_taker": Story(_forwarded_on_the_way, _on("township", _feed_back), "town"),
    "recall_of_a_forward": Story(_forwarded, _on("township", _recall)),
    "breach_of_a_forward": Story(_forwarded_on_the_way, _an_hour_later),
    "reopen": Story(lambda desk: desk.closed(position=desk.inside()), _on_issue(issues.reopen, "又灭了"), "lead"),
    "archive": Story(lambda desk: desk.closed(position=desk.inside()), _a_month_later),
    "void": Story(_asked, _on_issue(issues.void, "误录"), "lead"),
    "amend_to_sensitive": Story(_asked, _amend_to_sensitive),
    "amend_place": Story(_with_assist, _amend_place),
    "amend_to_sensitive_breached": Story(_breached, _after_the_breach(_amend_to_sensitive)),
    "amend_place_breached": Story(_breached, _after_the_breach(_amend_place)),
    "withdraw": Story(_with_assist, _on_issue(issues.withdraw, "不追究了")),
    "close_as_withdrawn": Story(_withdrawn, _close_as_withdrawn),
    "refer_emergency": Story(_with_assist, _refer),
    "reply": Story(_with_assist, _reply),
    "reporter_adds": Story(_with_assist, _reporter_adds),
    **FROM_PAPER,
}
