"""Every step that may have happened on paper, once: entered later by the duty lead."""

from collections.abc import Callable
from uuid import UUID

from dispatch.matter.backfills.contract import OnPaper, Outage
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Order, Result
from dispatch.verbs import report as intake
from dispatch.verbs.report import NewReport
from realtime.feed.clock import shifted
from realtime.feed.contract import Answer, Command
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import MINUTE, PERSONAL, STREET_LIGHT, Desk
from tests.dispatch.story import Act, Story


def _reported(desk: Desk) -> UUID:
    return desk.reported(position=desk.inside())


def _sent(desk: Desk) -> UUID:
    return desk.dispatched(assists=("power",), position=desk.inside())


def _taken_on(desk: Desk) -> UUID:
    issue_id = _sent(desk)
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    return issue_id


def _from_paper(act: Callable[[Desk, UUID, OnPaper, Command], Answer]) -> Act:
    """What happened on paper ten minutes after the last step, entered twenty minutes after it."""

    def run(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
        happened_at = Issue.objects.get(pk=issue_id).last_at + 10 * MINUTE
        with shifted(20 * MINUTE):
            return act(desk, issue_id, OnPaper(happened_at, Outage.POWER_CUT), cmd)

    return run


def _paper_report(desk: Desk, issue_id: UUID, on_paper: OnPaper, cmd: Command) -> Answer:
    told = NewReport("centre_phone", STREET_LIGHT, PERSONAL, position=desk.inside(), on_paper=on_paper)
    return intake.report(told, cmd=cmd)


def _paper_accept(desk: Desk, issue_id: UUID, on_paper: OnPaper, cmd: Command) -> Answer:
    return issues.accept(issue_id, on_paper=on_paper, cmd=cmd)


def _paper_file(desk: Desk, issue_id: UUID, on_paper: OnPaper, cmd: Command) -> Answer:
    return issues.file(issue_id, on_paper=on_paper, expected=desk.version(issue_id), cmd=cmd)


def _paper_dispatch(desk: Desk, issue_id: UUID, on_paper: OnPaper, cmd: Command) -> Answer:
    lead, expected = desk.unit("law_enforcement"), desk.version(issue_id)
    return issues.dispatch(issue_id, lead, reason="按职责分工", on_paper=on_paper, expected=expected, cmd=cmd)


def _paper_acknowledge(desk: Desk, issue_id: UUID, on_paper: OnPaper, cmd: Command) -> Answer:
    return orders.acknowledge(desk.lead(issue_id), on_paper=on_paper, cmd=cmd)


def _paper_start(desk: Desk, issue_id: UUID, on_paper: OnPaper, cmd: Command) -> Answer:
    order = Order.objects.get(pk=desk.lead(issue_id))
    return orders.start(order.pk, on_paper=on_paper, expected=order.version, cmd=cmd)


def _paper_feed_back(desk: Desk, issue_id: UUID, on_paper: OnPaper, cmd: Command) -> Answer:
    order = Order.objects.get(pk=desk.lead(issue_id))
    return orders.feed_back(order.pk, Result.HANDLED, "已处理", on_paper=on_paper, expected=order.version, cmd=cmd)


# What happened on paper, entered by the duty lead.
FROM_PAPER: dict[str, Story] = {
    "report_from_paper": Story(_reported, _from_paper(_paper_report), "lead"),
    "accept_from_paper": Story(_reported, _from_paper(_paper_accept), "lead"),
    "file_from_paper": Story(lambda desk: desk.accepted(position=desk.inside()), _from_paper(_paper_file), "lead"),
    "dispatch_from_paper": Story(lambda desk: desk.filed(position=desk.inside()), _from_paper(_paper_dispatch), "lead"),
    "acknowledge_from_paper": Story(_sent, _from_paper(_paper_acknowledge), "lead"),
    "start_from_paper": Story(_taken_on, _from_paper(_paper_start), "lead"),
    "feed_back_from_paper": Story(_taken_on, _from_paper(_paper_feed_back), "lead"),
}
