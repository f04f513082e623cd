"""The only writers of situation reports: a person asks, the worker takes, makes or gives up."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from assessment.situation.cards import audience_of, report_card
from assessment.situation.facts import (
    SituationReportAsked,
    SituationReportFact,
    SituationReportFailed,
    SituationReportMade,
)
from assessment.situation.models import SituationFile, SituationReport
from assessment.situation.places import covers, widest_place
from assessment.situation.states import FileKind, State
from command.organisations.queries import centres
from command.settings.queries import settings_of
from gis.grid import queries as grid
from gis.grid.models import Cell
from realtime.feed.actions import once, record
from realtime.feed.clock import at as clock_at
from realtime.feed.contract import Answer, Audience, AudienceClass, Change, Command, Cursor
from realtime.feed.errors import Conflict, Invalid, NotFound

LONGEST: Final = timedelta(days=92)
ATTEMPTS: Final = 3
TAKEN_FOR: Final = timedelta(minutes=10)  # a worker that was killed gives back what it had after so long
MOST_GONE: Final = 100  # of a centre in one pass
WORKER: Final = "system:worker"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for. `place`: a cell's path, None: all that the person may see; `to`: None is now."""

    start: datetime
    end: datetime | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A report that this worker makes now; `attempt` tells it from a later taking."""

    id: UUID
    centre_id: UUID
    by: str
    place: str
    start: datetime
    end: datetime
    attempt: int


@transaction.atomic(durable=True)
def ask(asked: Asked, *, cmd: Command) -> Answer:
    """Asks for a report; the worker makes it.

    Raises Forbidden, NotFound for a place that the person doesn't see whole, Invalid for a period that is empty, too
    long or not over, Conflict while another report of the same person is in the making.
    """
    once(cmd)
    cell = _place(asked.place, cmd) if asked.place is not None else None
    cell = cell or _place(widest_place(cmd.actor.scope_for("situation_reports.make")), cmd)
    cmd.actor.must("situation_reports.make", about=Audience.of([f"place:{cell.path}"], AudienceClass.DESK))
    now = clock_at(None)
    start, end = asked.start, asked.end or now
    _check_period(start, end, now)
    report = SituationReport(
        centre_id=cmd.actor.centre_id,
        by=cmd.actor.principal,
        state=State.ASKED,
        place=cell.path,
        place_name=cell.name,
        tier=cell.tier,
        from_at=start,
        to_at=end,
        asked_at=now,
        last_at=now,
        version=1,
    )
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError as error:
        if "one_situation_report_in_the_making_per_person" not in str(error):
            raise
        raise Conflict(
            "situation_report.being_made", "您的上一份态势报告还在生成。", remedy="等它生成后再试。"
        ) from None
    return record(cmd, _change(SituationReportAsked, report, cmd.actor.principal, first=True), at=now)


@transaction.atomic(durable=True)
def take() -> Taken | None:
    """The report that has waited longest, for this worker alone; None when none waits.

    One that was taken and neither made nor given up for ten minutes is taken again, three times in all: what has killed
    its worker so often has failed.
    """
    now = clock_at(None)
    waiting = SituationReport.objects.select_for_update(no_key=True, skip_locked=True).filter(state=State.ASKED)
    for report in waiting.order_by("asked_at")[:10]:
        # Either way: a simulated clock that was set back must not hold work back.
        if report.taken_at is not None and abs(now - report.taken_at) < TAKEN_FOR:
            continue
        if report.attempts >= ATTEMPTS:
            _fail(report)
            return None
        report.attempts += 1
        report.taken_at, report.progress = now, 0
        report.save(update_fields=["attempts", "taken_at", "progress"])
        return Taken(
            report.pk, report.centre_id, report.by, report.place, report.from_at, report.to_at, report.attempts
        )
    return None


def forget_old() -> int:
    """Removes reports with their files that were asked for longer ago than their centre keeps them. How many reports.

    One that is still in the making stays. No fact: what it showed was over, and is no longer to be had.
    """
    gone = 0
    for centre in centres():
        before = clock_at(None) - timedelta(days=settings_of(centre.id).situation_kept_days)
        with transaction.atomic(durable=True):
            old = SituationReport.objects.filter(centre_id=centre.id, asked_at__lt=before).exclude(state=State.ASKED)
            keys = list(old.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)[:MOST_GONE])
            SituationFile.objects.filter(report__in=keys).delete()
            SituationReport.objects.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone


def say_progress(taken: Taken, percent: int) -> None:
    """Says how far this worker has come, to the person who waits. One statement, in its own transaction."""
    SituationReport.objects.filter(pk=taken.id, attempts=taken.attempt, state=State.ASKED).update(progress=percent)


@transaction.atomic(durable=True)
def keep(taken: Taken, files: Mapping[FileKind, bytes], *, counted: Cursor, counted_at: datetime) -> bool:
    """Keeps the files; the report is made. False, and nothing kept, when somebody else has ended it meanwhile."""
    report = _of(taken)
    if report is None:
        return False
    now = clock_at(report.last_at)
    rows = [
        SituationFile(
            report=report,
            kind=kind,
            packed=gzip.compress(content, 6, mtime=0),
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for kind, content in sorted(files.items())
    ]
    report.state, report.made_at, report.last_at, report.progress = State.MADE, now, now, 100
    report.epoch, report.seq, report.counted_at = counted.epoch, counted.seq, counted_at
    report.version += 1
    report.save()
    SituationFile.objects.bulk_create(rows)
    record(None, _change(SituationReportMade, report, WORKER), at=now, centre_id=report.centre_id)
    return True


@transaction.atomic(durable=True)
def give_back(taken: Taken) -> None:
    """After a failure: the next pass tries again; after three attempts the report has failed."""
    report = _of(taken)
    if report is None:
        return
    report.taken_at = None
    if report.attempts < ATTEMPTS:
        report.save(update_fields=["taken_at"])
    else:
        _fail(report)


def _fail(report: SituationReport) -> None:
    """Ends a locked report for good, and says so. The transaction's last statement."""
    now = clock_at(report.last_at)
    report.state, report.last_at = State.FAILED, now
    report.version += 1
    report.save()
    record(None, _change(SituationReportFailed, report, WORKER), at=now, centre_id=report.centre_id)


def _of(taken: Taken) -> SituationReport | None:
    mine = SituationReport.objects.filter(pk=taken.id, attempts=taken.attempt, state=State.ASKED)
    return mine.select_for_update(no_key=True).first()


def _change(fact: type[SituationReportFact], report: SituationReport, by: str, *, first: bool = False) -> Change:
    files = [] if first else list(report.files.order_by("kind").defer("packed"))
    told = fact(object_id=report.pk, version=report.version, card=report_card(report, files), by=by)
    audience = audience_of(report)
    return Change(told, None if first else audience, audience)


def _place(path: str | None, cmd: Command) -> grid.CellInfo:
    """The cell of a path that the person sees whole. Raises NotFound."""
    if path is not None and covers(cmd.actor.scope, path):
        try:
            return grid.cell_at(cmd.actor.centre_id, path)
        except Cell.DoesNotExist:
            pass
    raise NotFound("cell.not_found", "没有这个网格，或不在您的权限范围内。", field="place")


def _check_period(start: datetime, end: datetime, now: datetime) -> None:
    if end > now:
        raise Invalid(
            "situation_report.period_not_over",
            "时段的终点不能晚于现在。",
            field="to",
            remedy="把终点改为现在，或留空。",
        )
    if start >= end:
        raise Invalid(
            "situation_report.period_empty", "时段的起点须早于终点。", field="from", remedy="请检查起止时间。"
        )
    if now - start > LONGEST:
        raise Invalid(
            "situation_report.period_too_long",
            f"时段的起点最早为 {LONGEST.days} 天前。",
            field="from",
            remedy="请缩短时段。",
        )
