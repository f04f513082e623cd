"""What is done to issues, over HTTP: parse, call, answer. Reading: api.py."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from command.catalogue.contract import Level
from command.people.authentication import BY_PERSON, command_of
from dispatch.backfills.requests import NOW, StepIn
from dispatch.intake.api import PositionIn
from dispatch.intake.positions import GivenPosition
from dispatch.issues import actions
from dispatch.issues.amending import Amendment
from dispatch.issues.outcomes import Closing, Emergency, Ground, Outcome
from dispatch.requests import ANSWERS, Body, Instant, Words, answered, expected_version

router = Router(tags=["issues"], auth=BY_PERSON)
Units = Annotated[list[UUID], Field(max_length=20)]


class PassUpIn(Body):
    """What was tried, for who takes it next."""

    text: Words | None = None


class DeclineIn(Body):
    """A listed ground, and words to the reporter."""

    ground: Ground
    text: Words


class ReasonIn(Body):
    """Why."""

    reason: Words


class MergeIn(Body):
    """Into which issue, and why."""

    into: UUID
    reason: Words | None = None


class SettleIn(Body):
    """What the parties agreed, and that they did."""

    text: Words
    consent: Literal[True]


class DispatchIn(StepIn):
    """Which unit leads, which assist; why, when the lead is not the item's lead department."""

    unit: UUID
    assists: Units = Field(default_factory=list)
    reason: Words | None = None


class AddAssistIn(Body):
    """Which units are to assist."""

    units: Annotated[list[UUID], Field(min_length=1, max_length=20)]


class RedispatchIn(Body):
    """Which unit leads from now on; why, when it is not the item's lead department."""

    unit: UUID
    reason: Words | None = None


class SuspendIn(Body):
    """Until when, and why."""

    until: Instant
    reason: Words


class ReworkIn(Body):
    """Which orders go back, the lead among them, and why."""

    orders: list[UUID] = Field(min_length=1, max_length=50)
    reason: Words


class CloseIn(Body):
    """An outcome with what it requires; a follow-up that was done, or the reason why not."""

    outcome: Outcome
    followed_up: bool
    reason: Words | None = None
    told_at: Instant | None = None
    next_on: Annotated[date, Field(lt=date(2100, 1, 1))] | None = None
    waive_reason: Words | None = None


class AmendIn(Body):
    """What is to be put right (null: stays), and why."""

    item: Annotated[str, Field(max_length=20)] | None = None
    level: Level | None = None
    urgent: bool | None = None
    cell: UUID | None = None
    position: PositionIn | None = None
    reason: Words


class EmergencyIn(Body):
    """Whom danger to life was told to, when, and what they answered."""

    to: Emergency
    at: Instant
    answer: Words


class WithdrawIn(ReasonIn):
    """Why, and whose report, where others are merged into the issue; without it: who reported the issue itself."""

    report: UUID | None = None


@router.post("/issues/{issue_id}/accept", response=ANSWERS)
def accept(request: HttpRequest, issue_id: UUID, asked: StepIn = NOW) -> HttpResponse:
    """Takes a reported issue in."""
    return answered(actions.accept(issue_id, on_paper=asked.on_paper, cmd=command_of(request)))


@router.post("/issues/{issue_id}/pass_up", response=ANSWERS)
def pass_up(request: HttpRequest, issue_id: UUID, asked: PassUpIn) -> HttpResponse:
    """Hands a reported issue to the unit above."""
    expected = expected_version(request)
    return answered(actions.pass_up(issue_id, asked.text, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/decline", response=ANSWERS)
def decline(request: HttpRequest, issue_id: UUID, asked: DeclineIn) -> HttpResponse:
    """Refuses an issue on a listed ground."""
    expected = expected_version(request)
    return answered(actions.decline(issue_id, asked.ground, asked.text, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/reconsider", response=ANSWERS)
def reconsider(request: HttpRequest, issue_id: UUID, asked: ReasonIn) -> HttpResponse:
    """Takes a declined issue up again."""
    expected = expected_version(request)
    return answered(actions.reconsider(issue_id, asked.reason, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/merge", response=ANSWERS)
def merge(request: HttpRequest, issue_id: UUID, asked: MergeIn) -> HttpResponse:
    """Joins an issue into another one about the same matter."""
    expected = expected_version(request)
    return answered(actions.merge(issue_id, asked.into, asked.reason, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/unmerge", response=ANSWERS)
def unmerge(request: HttpRequest, issue_id: UUID, asked: ReasonIn) -> HttpResponse:
    """Undoes a merge."""
    expected = expected_version(request)
    return answered(actions.unmerge(issue_id, asked.reason, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/settle_on_spot", response=ANSWERS)
def settle_on_spot(request: HttpRequest, issue_id: UUID, asked: SettleIn) -> HttpResponse:
    """Records what the parties agreed on the spot."""
    expected, cmd = expected_version(request), command_of(request)
    return answered(actions.settle_on_spot(issue_id, asked.text, consent=asked.consent, expected=expected, cmd=cmd))


@router.post("/issues/{issue_id}/file", response=ANSWERS)
def file(request: HttpRequest, issue_id: UUID, asked: StepIn = NOW) -> HttpResponse:
    """Files an accepted issue."""
    expected, cmd = expected_version(request), command_of(request)
    return answered(actions.file(issue_id, on_paper=asked.on_paper, expected=expected, cmd=cmd))


@router.post("/issues/{issue_id}/dispatch", response=ANSWERS)
def dispatch(request: HttpRequest, issue_id: UUID, asked: DispatchIn) -> HttpResponse:
    """Sends a lead order and assist orders."""
    expected, cmd = expected_version(request), command_of(request)
    return answered(
        actions.dispatch(
            issue_id,
            asked.unit,
            asked.assists,
            reason=asked.reason,
            on_paper=asked.on_paper,
            expected=expected,
            cmd=cmd,
        )
    )


@router.post("/issues/{issue_id}/add_assist", response=ANSWERS)
def add_assist(request: HttpRequest, issue_id: UUID, asked: AddAssistIn) -> HttpResponse:
    """Sends more assist orders."""
    expected = expected_version(request)
    return answered(actions.add_assist(issue_id, asked.units, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/redispatch", response=ANSWERS)
def redispatch(request: HttpRequest, issue_id: UUID, asked: RedispatchIn) -> HttpResponse:
    """Sends a new lead order, after the one before was taken back."""
    expected, cmd = expected_version(request), command_of(request)
    return answered(actions.redispatch(issue_id, asked.unit, reason=asked.reason, expected=expected, cmd=cmd))


@router.post("/issues/{issue_id}/suspend", response=ANSWERS)
def suspend(request: HttpRequest, issue_id: UUID, asked: SuspendIn) -> HttpResponse:
    """Sets an issue aside until a day."""
    expected = expected_version(request)
    return answered(actions.suspend(issue_id, asked.until, asked.reason, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/resume", response=ANSWERS)
def resume(request: HttpRequest, issue_id: UUID, asked: ReasonIn) -> HttpResponse:
    """Takes a suspended issue up before its day."""
    expected = expected_version(request)
    return answered(actions.resume(issue_id, asked.reason, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/verify", response=ANSWERS)
def verify(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Confirms what the units answered."""
    return answered(actions.verify(issue_id, expected=expected_version(request), cmd=command_of(request)))


@router.post("/issues/{issue_id}/rework", response=ANSWERS)
def rework(request: HttpRequest, issue_id: UUID, asked: ReworkIn) -> HttpResponse:
    """Sends orders back to their units."""
    expected = expected_version(request)
    return answered(actions.rework(issue_id, asked.orders, asked.reason, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/close", response=ANSWERS)
def close(request: HttpRequest, issue_id: UUID, asked: CloseIn) -> HttpResponse:
    """Ends an issue with an outcome."""
    closing = Closing(**asked.model_dump())
    return answered(actions.close(issue_id, closing, expected=expected_version(request), cmd=command_of(request)))


@router.post("/issues/{issue_id}/reopen", response=ANSWERS)
def reopen(request: HttpRequest, issue_id: UUID, asked: ReasonIn) -> HttpResponse:
    """Opens a closed issue again."""
    expected = expected_version(request)
    return answered(actions.reopen(issue_id, asked.reason, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/void", response=ANSWERS)
def void(request: HttpRequest, issue_id: UUID, asked: ReasonIn) -> HttpResponse:
    """Cancels an issue that was entered by mistake."""
    expected = expected_version(request)
    return answered(actions.void(issue_id, asked.reason, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/amend", response=ANSWERS)
def amend(request: HttpRequest, issue_id: UUID, asked: AmendIn) -> HttpResponse:
    """Puts right what was entered."""
    position = GivenPosition(**asked.position.model_dump()) if asked.position else None
    amendment = Amendment(asked.item, asked.level, asked.urgent, asked.cell, position)
    expected = expected_version(request)
    return answered(actions.amend(issue_id, amendment, asked.reason, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/withdraw", response=ANSWERS)
def withdraw(request: HttpRequest, issue_id: UUID, asked: WithdrawIn) -> HttpResponse:
    """Notes that a reporter took the own report back."""
    expected, cmd = expected_version(request), command_of(request)
    return answered(actions.withdraw(issue_id, asked.reason, report=asked.report, expected=expected, cmd=cmd))


@router.post("/issues/{issue_id}/refer_emergency", response=ANSWERS)
def refer_emergency(request: HttpRequest, issue_id: UUID, asked: EmergencyIn) -> HttpResponse:
    """Records that 110, 119 or 120 was told."""
    cmd = command_of(request)
    return answered(actions.refer_emergency(issue_id, asked.to, asked.at, asked.answer, cmd=cmd))
