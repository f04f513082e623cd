"""An issue is set aside until a day, and taken up again: by the duty lead, or by the timer."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from command.settings.queries import settings_of
from command.versions import must_match
from dispatch.clocks import actions as clocks
from dispatch.issues import rights
from dispatch.issues.desks import desk_id
from dispatch.issues.facts import IssueResumed, IssueSuspended
from dispatch.issues.locks import lock_issue
from dispatch.issues.models import NoteKind
from dispatch.issues.notes import note
from dispatch.issues.refusals import RULE_ISSUE
from dispatch.issues.resuming import take_up
from dispatch.issues.states import Verb
from dispatch.verbs.steps import finish, follow, step
from realtime.feed.actions import once, wire_time
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Invalid


@transaction.atomic(durable=True)
def suspend(issue_id: UUID, until: datetime, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Sets an issue aside until `until`, or sets a new end to a suspension: its handling clocks pause.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (an end that is
    past, or further away than the centre allows; reason).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.SUSPEND, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.SUSPEND, cmd)
    must_match(expected, aggregate.versions[issue_id])
    _check_end(until, aggregate.at, settings_of(issue.centre_id).suspend_max_days)
    why = note(aggregate, NoteKind.SUSPEND_REASON, reason, "reason", cmd)
    issue.suspended_at, issue.suspended_until, issue.suspended_by = aggregate.at, until, by
    issue.responsible_id = desk_id(issue.centre_id)
    follow(aggregate, Verb.SUSPEND, cmd)
    answer = aggregate.tell(issue, lambda shown: IssueSuspended(shown, by, before, after, why.pk, wire_time(until)))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def resume(issue_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Takes a suspended issue up before its day.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (reason).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.RESUME, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.RESUME, cmd)
    must_match(expected, aggregate.versions[issue_id])
    why = note(aggregate, NoteKind.RESUME_REASON, reason, "reason", cmd)
    take_up(aggregate)
    follow(aggregate, Verb.RESUME, cmd)
    answer = aggregate.tell(issue, lambda shown: IssueResumed(shown, by, before, after, why.pk))
    return finish(aggregate, cmd, answer)


def _check_end(until: datetime, at: datetime, most_days: int) -> None:
    if until <= at:
        raise _refuse("挂账期限须在现在之后。", "请填写以后的时间。")
    latest = at + timedelta(days=most_days)
    if until > latest:
        local = latest.astimezone(ZoneInfo(settings.TIME_ZONE))
        raise _refuse(f"一次挂账最长 {most_days} 天。", f"请填写 {local:%Y-%m-%d %H:%M} 以前的时间；到期前可再次批准。")


def _refuse(detail: str, remedy: str) -> Invalid:
    return Invalid("issue.suspension_end", detail, field="until", rule=RULE_ISSUE, remedy=remedy)
