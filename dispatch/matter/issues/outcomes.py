"""On which grounds an issue is declined, and with which outcomes it is closed. Pure.

Source: docs/rules.md, "An issue": decline, close.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from realtime.feed.errors import Invalid
from realtime.words import Word


class Ground(Word):
    """Why an issue may be declined (不予受理理由). The list is closed."""

    NOT_IN_JURISDICTION = "not_in_jurisdiction", "不属本区管辖"
    IN_LEGAL_PROCEDURE = "in_legal_procedure", "已进入诉讼、仲裁、复议等法定程序"
    ALREADY_ANSWERED = "already_answered", "同一事项已有终局答复"
    NO_CLEAR_DEMAND = "no_clear_demand", "诉求不明且无法核实"
    NOT_A_MATTER = "not_a_matter", "不属综治中心受理范围"


class Outcome(Word):
    """What an issue is closed with (结案结果)."""

    RESOLVED = "resolved", "已化解"
    NOT_RESOLVED = "not_resolved", "未化解"
    FOLLOWED = "followed", "跟踪调处"
    WITHDRAWN = "withdrawn", "已撤销"


class Triage(StrEnum):
    """Where triage ended (分流结果): one of these for every issue that got so far."""

    SETTLED = "settled"  # on the spot
    COMMUNITY = "community"
    TOWNSHIP = "township"
    DISTRICT = "district"  # the centre itself, or a body that is neither a department nor a court
    DEPARTMENT = "department"
    COURT = "court"
    DECLINED = "declined"


RULE_CLOSE: Final = "事项·结案"

LATEST_LOOK: Final = timedelta(days=366)  # a next look farther away is nobody's plan
TOLD_BEFORE: Final = timedelta(days=1_100)  # a matter may have been dealt with elsewhere for years before it came here


@dataclass(frozen=True, slots=True)
class Closing:
    """How an issue is to be closed. `told_at`: when the party was told; `next_on`: local date of the next look."""

    outcome: Outcome
    followed_up: bool
    reason: str | None = None
    told_at: datetime | None = None
    next_on: date | None = None
    waive_reason: str | None = None


def check(
    closing: Closing, *, reported_at: datetime, at: datetime, today: date, withdrawn: bool, verified: bool
) -> None:
    """Returns if the outcome has all that it requires. Raises Invalid that names the missing field.

    reported_at  when the issue began; nobody was told long before it
    at          the action's time (UTC); nobody was told later than that
    today       its local date; a next look lies behind it, within a year
    withdrawn   there is a withdrawal: the outcome of the same name needs no more than that
    verified    the issue was verified: any other outcome needs it
    """
    must_be_told_between(reported_at, closing.told_at, at, field="told_at", rule=RULE_CLOSE)
    if closing.outcome is Outcome.WITHDRAWN and withdrawn:
        return
    if closing.outcome is not Outcome.WITHDRAWN and not verified:
        raise Invalid(
            "issue.only_as_withdrawn",
            "事项尚未核查通过，只能以「已撤销」结案。",
            field="outcome",
            rule=RULE_CLOSE,
            remedy="选择已撤销，或继续办理。",
        )
    if closing.outcome is Outcome.WITHDRAWN:
        raise Invalid(
            "issue.no_withdrawal",
            "还有反映人没有撤回诉求，不能以「已撤销」结案。",
            field="outcome",
            rule=RULE_CLOSE,
            remedy="选择已化解、未化解或跟踪调处。",
        )
    if closing.outcome is Outcome.NOT_RESOLVED:
        if not closing.reason:
            raise _missing("reason", "未化解的事项须写明原因。")
        if closing.told_at is None:
            raise _missing("told_at", "未化解的事项须注明告知当事人的时间。")
    if closing.outcome is Outcome.FOLLOWED and closing.next_on is None:
        raise _missing("next_on", "跟踪调处的事项须注明下次查看日期。")
    if closing.next_on is not None and closing.next_on <= today:
        raise Invalid(
            "issue.next_look_is_past",
            "下次查看日期须在今天之后。",
            field="next_on",
            rule=RULE_CLOSE,
            remedy="选择以后的日期。",
        )
    if closing.next_on is not None and closing.next_on > today + LATEST_LOOK:
        raise Invalid(
            "issue.next_look_too_late",
            f"下次查看日期晚于 {LATEST_LOOK.days} 天以后。",
            field="next_on",
            rule=RULE_CLOSE,
            remedy="选择一年以内的日期。",
        )
    if not closing.followed_up and not closing.waive_reason:
        raise _missing("waive_reason", "未回访的须写明免回访的理由。")


def _missing(field: str, detail: str) -> Invalid:
    return Invalid("issue.closing_incomplete", detail, field=field, rule=RULE_CLOSE, remedy="补充后再结案。")


def must_be_told_between(
    reported_at: datetime, told_at: datetime | None, at: datetime, *, field: str, rule: str
) -> None:
    """Returns if somebody can have been told then. Raises Invalid for a time to come, or long before the issue."""
    if told_at is not None and told_at > at:
        raise Invalid(
            "issue.told_in_the_future",
            "告知的时间不能晚于现在。",
            field=field,
            rule=rule,
            remedy="填写实际告知的时间。",
        )
    if told_at is not None and told_at < reported_at - TOLD_BEFORE:
        raise Invalid(
            "issue.told_too_early",
            f"告知的时间早于上报前 {TOLD_BEFORE.days} 天。",
            field=field,
            rule=rule,
            remedy="请核对日期；填写实际告知的时间。",
        )
