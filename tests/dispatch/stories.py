"""Every action of the loop once: how far the issue has gone before it, and the action itself."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from dispatch.clocks.actions import fire_due
from dispatch.intake import actions as intake
from dispatch.intake.actions import Telling
from dispatch.issues import actions as issues
from dispatch.issues.outcomes import Closing, Ground, Outcome
from dispatch.orders import actions as orders
from dispatch.orders.models import Order, Result
from realtime.feed.clock import shifted
from realtime.feed.contract import Answer, Command
from tests.dispatch.desk import MINUTE, PERSONAL, STREET_LIGHT, Desk

Act = Callable[[Desk, UUID, Command], Answer | None]


@dataclass(frozen=True, slots=True)
class Story:
    """`prepare` gives the issue; `act` is done under a command of `by`."""

    prepare: Callable[[Desk], UUID]
    act: Act
    by: str = "duty1"

    def run(self, desk: Desk, issue_id: UUID) -> Answer | None:
        """The action, once."""
        return self.act(desk, issue_id, desk.command(self.by))


def _placed(desk: Desk) -> UUID:
    return desk.reported(position=desk.inside())


def _on(unit: str, act: Callable[[UUID, int, Command], Answer]) -> Act:
    """An action on the order of a unit."""

    def run(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
        order_id = desk.order_of(issue_id, unit)
        return act(order_id, Order.objects.get(pk=order_id).version, cmd)

    return run


def _report(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    return intake.report(Telling("hotline_12345", STREET_LIGHT, PERSONAL, position=desk.inside()), cmd=cmd)


def _decline(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    expected = desk.version(issue_id)
    return issues.decline(issue_id, Ground.NOT_IN_JURISDICTION, "不属本区", expected=expected, cmd=cmd)


def _dispatch(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    lead, assists = desk.unit("law_enforcement"), [desk.unit("power")]
    return issues.dispatch(issue_id, lead, assists, expected=desk.version(issue_id), cmd=cmd)


def _rework(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    named = [desk.lead(issue_id)]
    return issues.rework(issue_id, named, "没有修好", expected=desk.version(issue_id), cmd=cmd)


def _close(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    closing = Closing(Outcome.RESOLVED, followed_up=False, waive_reason="匿名来电")
    return issues.close(issue_id, closing, expected=desk.version(issue_id), cmd=cmd)


def _with_assist(desk: Desk) -> UUID:
    return desk.dispatched(assists=("power",), position=desk.inside())


def _taken_on(desk: Desk) -> UUID:
    issue_id = _with_assist(desk)
    for unit, person in (("law_enforcement", "chengguan"), ("power", "power")):
        orders.acknowledge(desk.order_of(issue_id, unit), cmd=desk.command(person))
    return issue_id


def _an_hour_later(desk: Desk, issue_id: UUID, cmd: Command) -> None:
    with shifted(60 * MINUTE):
        assert fire_due() >= 1


def _acknowledge_late(desk: Desk, issue_id: UUID, cmd: Command) -> Answer:
    with shifted(60 * MINUTE):
        return orders.acknowledge(desk.lead(issue_id), cmd=cmd)


def _feed_back(order_id: UUID, expected: int, cmd: Command) -> Answer:
    return orders.feed_back(order_id, Result.HANDLED, "已处理", expected=expected, cmd=cmd)


def _acknowledge(order_id: UUID, expected: int, cmd: Command) -> Answer:
    return orders.acknowledge(order_id, cmd=cmd)


def _start(order_id: UUID, expected: int, cmd: Command) -> Answer:
    return orders.start(order_id, expected=expected, cmd=cmd)


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
}
