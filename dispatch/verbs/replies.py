"""The only writers of replies, additions and ratings. Each: key, lock, authorise, state, save, record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID, uuid4

from django.db import transaction
from typing_extensions import TypedDict

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.locks import lock_issue, lock_merged, report_not_found
from dispatch.matter.aggregate.notes import MAX_NOTE_CHARS, checked
from dispatch.matter.audiences import of_report
from dispatch.matter.call_law.following import follow as follow_calls
from dispatch.matter.facts import Shown
from dispatch.matter.issues.keys import seal_of
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.sealing import IssueSeal
from dispatch.matter.issues.states import OPEN, State
from dispatch.matter.replies.facts import ReconsiderationAsked, ReplyMade, ReportAdded, ReportRated
from dispatch.matter.replies.models import Addition, Channel, Kind, Rating, Reply
from dispatch.matter.reports.models import Report
from dispatch.matter.texts.emergencies import numbers_in
from dispatch.verbs import photos
from realtime.feed.actions import once, record, wire_time
from realtime.feed.cards import Id, Instant, card_type, one_of
from realtime.feed.contract import Answer, Change, Command
from realtime.feed.errors import Conflict, Invalid

RULE: Final = "答复反映人"
MAX_ADDITIONS: Final = 20  # of one report: a query code is no mailbox
PHOTOS_BY: Final = "public:page"  # a reporter's photos come by the page, before the query code is shown
DONE: Final = frozenset({"closed", "archived"})  # what a reporter may rate


@dataclass(frozen=True, slots=True)
class NewReply:
    """What a reporter was told, how, and when (UTC; None: just now)."""

    channel: Channel
    text: str
    told_at: datetime | None = None


@transaction.atomic(durable=True)
def reply(report_id: UUID, new: NewReply, *, cmd: Command) -> Answer:
    """Answers the reporter of a report. Who holds its query code reads the words.

    Raises Replayed, KeyReused, NotFound, Forbidden, Invalid (no words, told in the future or before the report),
    Conflict (erased).
    """
    once(cmd)
    aggregate, report = _lock(report_id, cmd)
    cmd.actor.must("replies.make", about=of_report(aggregate.issue, aggregate.orders, aggregate.reports))
    text = checked(new.text, "text")
    told_at = new.told_at or aggregate.at
    if not report.received_at <= told_at <= aggregate.at:
        raise Invalid(
            "reply.told_at",
            "答复时间须在上报之后、现在之前。",
            field="told_at",
            rule=RULE,
            remedy="填写实际答复的时间，或留空表示现在。",
        )
    row = Reply(
        id=uuid4(),
        issue=aggregate.issue,
        report=report,
        channel=new.channel,
        at=aggregate.at,
        told_at=told_at,
        by=cmd.actor.principal,
    )
    row.sealed = _seal(aggregate).seal(text, binding(row.pk))
    row.save(force_insert=True)
    shown = Shown(row.pk, 1, reply_card(row))
    audience = of_report(aggregate.issue, aggregate.orders, aggregate.reports)
    aggregate.changes.append(Change(ReplyMade(shown, cmd.actor.principal), None, audience))
    return _record(aggregate, cmd, len(aggregate.changes) - 1)


@transaction.atomic(durable=True)
def add(report_id: UUID, text: str, photo_ids: Sequence[UUID] = (), *, cmd: Command) -> Answer:
    """The reporter adds something, photos with it that came by the page, while the issue is open that deals with it.

    Raises Replayed, KeyReused, NotFound, Conflict (not open any more, too many, erased), Invalid (no words, photos).
    """
    once(cmd)
    aggregate, report, matter = _lock_matter(report_id, cmd)
    if matter.state not in OPEN:
        raise _not_now("该事项已办结，不能再补充。", "如有新的情况，请重新上报。")
    if Addition.objects.filter(report=report, kind=Kind.ADDITION).count() >= MAX_ADDITIONS:
        raise Conflict(
            "addition.too_many",
            f"最多补充 {MAX_ADDITIONS} 次。",
            rule=RULE,
            remedy="请致电中心说明其余情况。",
        )
    row = _said(aggregate, report, Kind.ADDITION, text, "text")
    if photo_ids:
        photos.attach(photo_ids, to=report, aggregate=aggregate, seal=_seal(aggregate), by=PHOTOS_BY)
    return _record_fact(aggregate, report, lambda shown: ReportAdded(shown, cmd.actor.principal, row.pk), cmd, matter)


@transaction.atomic(durable=True)
def ask_reconsideration(report_id: UUID, reason: str, *, cmd: Command) -> Answer:
    """The reporter asks, once, that a declined issue be reconsidered. The duty lead decides.

    Raises Replayed, KeyReused, NotFound, Conflict (not declined, asked before, erased), Invalid (no reason).
    """
    once(cmd)
    aggregate, report = _lock(report_id, cmd)
    if Addition.objects.filter(report=report, kind=Kind.RECONSIDERATION).exists():
        raise Conflict(
            "reconsideration.asked_before",
            "复核只能申请一次，您已申请过。",
            rule=RULE,
            remedy="值班长的决定会显示在本页。",
        )
    if aggregate.issue.state != State.DECLINED:
        raise _not_now("只有不予受理的事项可以申请复核。", "可查看办理进度，或补充情况。")
    row = _said(aggregate, report, Kind.RECONSIDERATION, reason, "reason")
    return _record_fact(aggregate, report, lambda shown: ReconsiderationAsked(shown, cmd.actor.principal, row.pk), cmd)


@transaction.atomic(durable=True)
def rate(report_id: UUID, score: int, text: str | None, *, cmd: Command) -> Answer:
    """The reporter judges what was done, 1 to 5, once, after closing: of the issue that theirs was merged into too.

    Raises Replayed, KeyReused, NotFound, Conflict (not closed, rated before, erased), Invalid (words too long).
    """
    once(cmd)
    aggregate, report, matter = _lock_matter(report_id, cmd)
    if matter.state not in DONE:
        raise _not_now("事项结案后才能评价。", "请等待结案。")
    if Rating.objects.filter(report=report).exists():
        raise Conflict("rating.given_before", "您已评价过。", rule=RULE)
    row = Rating(report=report, issue=aggregate.issue, score=score, at=aggregate.at)
    if text is not None:
        row.sealed = _seal(aggregate).seal(checked(text, "text"), binding(report.pk, "rating"))
        aggregate.danger = numbers_in(text)
    row.save(force_insert=True)
    return _record_fact(aggregate, report, lambda shown: ReportRated(shown, cmd.actor.principal, score), cmd, matter)


@card_type
class ReplyCard(TypedDict):
    """A reply: an event, never open. Nothing of what it says."""

    channel: Annotated[str, one_of(Channel)]
    issue: Id
    open: bool
    report: Id
    told_at: Instant


def reply_card(row: Reply) -> ReplyCard:
    """The whole card."""
    return {
        "channel": str(row.channel),
        "issue": str(row.issue_id),
        "open": False,
        "report": str(row.report_id),
        "told_at": wire_time(row.told_at),
    }


def binding(row_id: UUID, kind: str = "reply") -> str:
    """What sealed words are bound to."""
    return f"{kind}:{row_id}"


def _lock(report_id: UUID, cmd: Command) -> tuple[Aggregate, Report]:
    """The report under its issue's lock. Raises NotFound for one that the actor does not see."""
    aggregate = lock_issue(_issue_of(report_id, cmd), actor=cmd.actor)
    return aggregate, {report.pk: report for report in aggregate.reports}[report_id]


def _lock_matter(report_id: UUID, cmd: Command) -> tuple[Aggregate, Report, Issue]:
    """The same, and the issue that deals with it, locked too: its own, or the one that this was merged into."""
    aggregate, target = lock_merged(_issue_of(report_id, cmd), actor=cmd.actor)
    report = {report.pk: report for report in aggregate.reports}[report_id]
    return aggregate, report, target.issue if target else aggregate.issue


def _issue_of(report_id: UUID, cmd: Command) -> UUID:
    known = Report.objects.filter(pk=report_id, centre_id=cmd.actor.centre_id)
    issue_id = known.values_list("issue_id", flat=True).first()
    if issue_id is None:
        raise report_not_found()
    return issue_id


def _seal(aggregate: Aggregate) -> IssueSeal:
    seal = seal_of(aggregate.issue.pk)
    if seal is None:
        raise Conflict("issue.erased", "该事项的个人信息已按规定删除，不能再补充文字。")
    return seal


def _said(aggregate: Aggregate, report: Report, kind: Kind, text: str, field: str) -> Addition:
    row = Addition(id=uuid4(), issue=aggregate.issue, report=report, kind=kind, at=aggregate.at)
    aggregate.danger = numbers_in(text)
    row.sealed = _seal(aggregate).seal(checked(text, field, limit=MAX_NOTE_CHARS), binding(row.pk, "addition"))
    row.save(force_insert=True)
    return row


def _not_now(detail: str, remedy: str) -> Conflict:
    return Conflict("reporter.not_open", detail, rule=RULE, remedy=remedy)


def _record_fact(
    aggregate: Aggregate,
    report: Report,
    make: Callable[[Shown], ReportAdded | ReconsiderationAsked | ReportRated],
    cmd: Command,
    matter: Issue | None = None,
) -> Answer:
    answer = aggregate.record(report, make)
    report.save(update_fields=["version"])
    return _record(aggregate, cmd, answer, matter)


def _record(aggregate: Aggregate, cmd: Command, answer: int, matter: Issue | None = None) -> Answer:
    aggregate.issue.last_at = aggregate.at
    aggregate.issue.save(update_fields=["last_at"])
    follow_calls(aggregate, actor=cmd.actor, matter=matter)
    return record(cmd, *aggregate.changes, at=aggregate.at, answer=answer, writes=aggregate.writes)
