"""挂账: an issue is set aside until a day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from command.access import Right
from command.organisations.queries import desk_id
from dispatch.matter.issues.facts import IssueSuspended
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.refusals import RULE_ISSUE
from dispatch.matter.issues.states import Verb
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.requests import Body, Instant, Words
from realtime.feed.actions import wire_time
from realtime.feed.errors import Invalid


class SuspendIn(Body):
    """Until when, and why."""

    until: Instant
    reason: Words


SUSPEND = IssueVerb(verb=Verb.SUSPEND, by=Right.ISSUES_SUSPEND, body=SuspendIn)


@SUSPEND.does
def suspend(issue: Issue, act: Act[SuspendIn]) -> None:
    """Sets an issue aside until a day, or sets a new end to a suspension: its handling clocks pause."""
    at, until = act.aggregate.at, act.asked.until
    _check_end(until, at, act.aggregate.settings.suspend_max_days)
    why = act.note(NoteKind.SUSPEND_REASON, act.asked.reason, "reason")
    issue.suspended_at, issue.suspended_until, issue.suspended_by = at, until, act.by
    issue.responsible_id = desk_id(issue.centre_id)
    act.record(issue, IssueSuspended, *act.step, why.pk, wire_time(until))


def _check_end(until: datetime, at: datetime, most_days: int) -> None:
    """Returns if the end lies ahead, and no further than the centre allows. Raises Invalid."""
    if until <= at:
        raise _refuse("挂账期限须在现在之后。", "请填写以后的时间。")
    latest = at + timedelta(days=most_days)
    if until > latest:
        local = latest.astimezone(ZoneInfo(settings.TIME_ZONE))
        raise _refuse(f"一次挂账最长 {most_days} 天。", f"请填写 {local:%Y-%m-%d %H:%M} 以前的时间；到期前可再次批准。")


def _refuse(detail: str, remedy: str) -> Invalid:
    return Invalid("issue.suspension_end", detail, field="until", rule=RULE_ISSUE, remedy=remedy)
