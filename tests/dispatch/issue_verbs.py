"""The verbs of issues as a test says them: plain arguments instead of a request's body.

Bodies are made unchecked: what a door lets in is the doors' test, what a verb refuses is this one's.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from dispatch.matter.backfills.contract import OnPaper
from dispatch.matter.issues.outcomes import Closing, Ground
from dispatch.matter.texts.emergencies import EmergencyNumber
from dispatch.verbs.accept import ACCEPT
from dispatch.verbs.add_assist import ADD_ASSIST, AddAssistIn
from dispatch.verbs.amend import AMEND, AmendIn
from dispatch.verbs.amending import Amendment
from dispatch.verbs.archive import archive_due
from dispatch.verbs.close import CLOSE, CloseIn
from dispatch.verbs.declared import AnyIssueVerb
from dispatch.verbs.decline import DECLINE, DeclineIn
from dispatch.verbs.dispatch import DISPATCH, DispatchIn
from dispatch.verbs.file import FILE
from dispatch.verbs.merge import merge
from dispatch.verbs.message import MESSAGE
from dispatch.verbs.messaging import MessageIn
from dispatch.verbs.on_paper import StepIn
from dispatch.verbs.pass_up import PASS_UP, PassUpIn
from dispatch.verbs.reconsider import RECONSIDER
from dispatch.verbs.redispatch import REDISPATCH, RedispatchIn
from dispatch.verbs.refer_emergency import REFER_EMERGENCY, EmergencyIn
from dispatch.verbs.reopen import REOPEN
from dispatch.verbs.requests import PositionIn, ReasonIn
from dispatch.verbs.resume import RESUME
from dispatch.verbs.reveal import reveal
from dispatch.verbs.rework import REWORK, ReworkIn
from dispatch.verbs.running import run_issue
from dispatch.verbs.settle_on_spot import SETTLE_ON_SPOT, SettleIn
from dispatch.verbs.suspend import SUSPEND, SuspendIn
from dispatch.verbs.unmerge import unmerge
from dispatch.verbs.verify import VERIFY
from dispatch.verbs.void import VOID
from dispatch.verbs.withdraw import WITHDRAW, WithdrawIn
from realtime.feed.contract import Answer, Command
from tests.dispatch.order_verbs import paper

__all__ = ["archive_due", "merge", "reveal", "unmerge"]


def accept(issue_id: UUID, *, on_paper: OnPaper | None = None, cmd: Command) -> Answer:
    """受理."""
    return run_issue(ACCEPT, issue_id, StepIn(backfill=paper(on_paper)), cmd=cmd)


def pass_up(issue_id: UUID, text: str | None, *, expected: int | None, cmd: Command) -> Answer:
    """上呈."""
    return run_issue(PASS_UP, issue_id, PassUpIn.model_construct(text=text), expected=expected, cmd=cmd)


def decline(issue_id: UUID, ground: Ground, text: str, *, expected: int | None, cmd: Command) -> Answer:
    """不予受理."""
    asked = DeclineIn.model_construct(ground=ground, text=text)
    return run_issue(DECLINE, issue_id, asked, expected=expected, cmd=cmd)


def settle_on_spot(issue_id: UUID, text: str, *, consent: bool, expected: int | None, cmd: Command) -> Answer:
    """当场化解."""
    asked = SettleIn.model_construct(text=text, consent=consent)
    return run_issue(SETTLE_ON_SPOT, issue_id, asked, expected=expected, cmd=cmd)


def file(issue_id: UUID, *, on_paper: OnPaper | None = None, expected: int | None, cmd: Command) -> Answer:
    """立案."""
    return run_issue(FILE, issue_id, StepIn(backfill=paper(on_paper)), expected=expected, cmd=cmd)


def dispatch(
    issue_id: UUID,
    unit_id: UUID,
    assists: Sequence[UUID] = (),
    *,
    reason: str | None = None,
    receivers: Sequence[UUID] = (),
    on_paper: OnPaper | None = None,
    expected: int | None,
    cmd: Command,
) -> Answer:
    """派遣."""
    asked = DispatchIn.model_construct(
        unit=unit_id, assists=list(assists), receivers=list(receivers), reason=reason, backfill=paper(on_paper)
    )
    return run_issue(DISPATCH, issue_id, asked, expected=expected, cmd=cmd)


def add_assist(
    issue_id: UUID, units: Sequence[UUID], *, receivers: Sequence[UUID] = (), expected: int | None, cmd: Command
) -> Answer:
    """增派协办."""
    asked = AddAssistIn.model_construct(units=list(units), receivers=list(receivers))
    return run_issue(ADD_ASSIST, issue_id, asked, expected=expected, cmd=cmd)


def redispatch(
    issue_id: UUID,
    unit_id: UUID,
    *,
    reason: str | None,
    receivers: Sequence[UUID] = (),
    expected: int | None,
    cmd: Command,
) -> Answer:
    """改派."""
    asked = RedispatchIn.model_construct(unit=unit_id, receivers=list(receivers), reason=reason)
    return run_issue(REDISPATCH, issue_id, asked, expected=expected, cmd=cmd)


def suspend(issue_id: UUID, until: datetime, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """挂账."""
    asked = SuspendIn.model_construct(until=until, reason=reason)
    return run_issue(SUSPEND, issue_id, asked, expected=expected, cmd=cmd)


def verify(issue_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """核查通过."""
    return run_issue(VERIFY, issue_id, expected=expected, cmd=cmd)


def rework(issue_id: UUID, order_ids: Sequence[UUID], reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """返工."""
    asked = ReworkIn.model_construct(orders=list(order_ids), reason=reason)
    return run_issue(REWORK, issue_id, asked, expected=expected, cmd=cmd)


def close(issue_id: UUID, closing: Closing, *, expected: int | None, cmd: Command) -> Answer:
    """结案."""
    return run_issue(CLOSE, issue_id, CloseIn.model_construct(**asdict(closing)), expected=expected, cmd=cmd)


def amend(issue_id: UUID, asked: Amendment, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """更正."""
    body = AmendIn.model_construct(
        item=asked.item,
        level=asked.level,
        urgent=asked.urgent,
        cell=asked.cell_id,
        position=PositionIn.model_construct(**asdict(asked.position)) if asked.position else None,
        reason=reason,
    )
    return run_issue(AMEND, issue_id, body, expected=expected, cmd=cmd)


def withdraw(issue_id: UUID, reason: str, *, report: UUID | None = None, expected: int | None, cmd: Command) -> Answer:
    """撤回诉求, as the desk notes it."""
    asked = WithdrawIn.model_construct(reason=reason, report=report)
    return run_issue(WITHDRAW, issue_id, asked, expected=expected, cmd=cmd)


def withdraw_by_reporter(issue_id: UUID, report: UUID, reason: str, *, cmd: Command) -> Answer:
    """撤回诉求, as a reporter does it."""
    asked = WithdrawIn.model_construct(reason=reason, report=report)
    return run_issue(WITHDRAW, issue_id, asked, versioned=False, cmd=cmd)


def message(
    issue_id: UUID,
    text: str,
    *,
    asks: UUID | None = None,
    answer_by: datetime | None = None,
    answers: UUID | None = None,
    cmd: Command,
) -> Answer:
    """留言."""
    asked = MessageIn.model_construct(text=text, asks=asks, answer_by=answer_by, answers=answers, photos=(), files=())
    return run_issue(MESSAGE, issue_id, asked, cmd=cmd)


def refer_emergency(
    issue_id: UUID, told: EmergencyNumber, told_at: datetime, answer_text: str, *, cmd: Command
) -> Answer:
    """转警转急."""
    asked = EmergencyIn.model_construct(to=told, at=told_at, answer=answer_text)
    return run_issue(REFER_EMERGENCY, issue_id, asked, cmd=cmd)


def reconsider(issue_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """复核."""
    return _for_a_reason(RECONSIDER, issue_id, reason, expected, cmd)


def resume(issue_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """恢复办理."""
    return _for_a_reason(RESUME, issue_id, reason, expected, cmd)


def reopen(issue_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """重开."""
    return _for_a_reason(REOPEN, issue_id, reason, expected, cmd)


def void(issue_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """作废."""
    return _for_a_reason(VOID, issue_id, reason, expected, cmd)


def _for_a_reason(verb: AnyIssueVerb, issue_id: UUID, reason: str, expected: int | None, cmd: Command) -> Answer:
    return run_issue(verb, issue_id, ReasonIn.model_construct(reason=reason), expected=expected, cmd=cmd)
