"""Reads of situation reports, and of the day as it goes. Scoped; frozen values out; nothing here writes or locks."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from assessment.situation.cards import SituationReportCard, audience_of, report_card
from assessment.situation.models import SituationFile, SituationReport
from assessment.situation.states import FileKind, State
from dispatch.reading.pages import position
from realtime.feed.contract import Actor, AudienceClass, Scope
from realtime.feed.errors import NotFound
from realtime.feed.objects import ShownObject
from realtime.feed.queries import latest_facts

LISTED: Final = 50
HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as a list shows it; `progress` is a percentage, and no part of the card."""

    id: UUID
    version: int
    card: SituationReportCard
    progress: int


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file's content and the name to save it under."""

    name: str
    content: bytes
    sha256: str


def visible(scope: Scope) -> Q:
    """Which reports a scope may read, as a condition on rows; `Scope.sees` says the same of one."""
    seen = Q(pk__in=[])
    for pair in scope.pairs:
        kind, _, value = pair.token.partition(":")
        if kind == "place" and pair.ceiling >= AudienceClass.DESK:
            seen |= Q(place=value) | Q(place__startswith=value + "/")
    return seen


def reports(*, actor: Actor, before: str | None = None) -> list[ReportView]:
    """The reports of the actor's places, the newest first, 50 a page.

    before  asked_at and id of the last one that the page before gave, with `~` between
    Raises Forbidden, Invalid. Two statements.
    """
    scope = actor.scope_for("issues.read")
    rows = SituationReport.objects.filter(visible(scope), centre_id=actor.centre_id).order_by("-asked_at", "-pk")
    if before is not None:
        at, last = position(before)
        rows = rows.filter(Q(asked_at__lt=at) | Q(asked_at=at, pk__lt=last))
    found = list(rows[:LISTED])
    files: dict[UUID, list[SituationFile]] = {row.pk: [] for row in found}
    for file in SituationFile.objects.filter(report__in=list(files)).order_by("kind").defer("packed"):
        files[file.report_id].append(file)
    return [ReportView(row.pk, row.version, report_card(row, files[row.pk]), row.progress) for row in found]


def report(report_id: UUID, *, actor: Actor) -> ReportView:
    """One report. Raises NotFound outside the scope, Forbidden. Two statements."""
    row = _row(report_id, actor)
    return ReportView(row.pk, row.version, report_card(row, _files(row)), row.progress)


def report_file(report_id: UUID, kind: FileKind, *, actor: Actor) -> ReportFile:
    """One file of a report. Raises NotFound outside the scope, or while it isn't made; Forbidden. Two statements."""
    row = _row(report_id, actor)
    file = SituationFile.objects.filter(report=row, kind=kind).first()
    if file is None:
        raise NotFound("situation_report.no_file", "这份态势报告还没有生成文件。", remedy="稍后再试，或重新生成。")
    until = row.to_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    name = f"态势报告-{row.place_name}-{until:%Y%m%d-%H%M}.{kind}"
    return ReportFile(name, gzip.decompress(bytes(file.packed)), file.sha256)


def snapshot_objects(scope: Scope, centre_id: UUID) -> Iterator[ShownObject]:
    """The reports in the making of a scope, as their latest facts show them. One statement."""
    return latest_facts(centre_id, _open(scope, centre_id).order_by().values_list("pk", "version"))


def row_objects(scope: Scope, centre_id: UUID, *, among: tuple[UUID, UUID] | None = None) -> Iterator[ShownObject]:
    """The same, built from the rows alone. One statement: what is in the making has no files.

    among  the first and the last id of the reports that are read; None: all
    """
    rows = _open(scope, centre_id)
    for row in rows.filter(pk__range=among) if among is not None else rows:
        yield ShownObject.of_card("situation_report", row.pk, row.version, report_card(row, []), audience_of(row))


def _open(scope: Scope, centre_id: UUID) -> QuerySet[SituationReport]:
    return SituationReport.objects.filter(visible(scope), centre_id=centre_id, state=State.ASKED)


def _row(report_id: UUID, actor: Actor) -> SituationReport:
    row = SituationReport.objects.filter(pk=report_id, centre_id=actor.centre_id).first()
    if row is None or not actor.scope.sees(audience_of(row)):
        raise NotFound("situation_report.not_found", "没有这份态势报告，或不在您的权限范围内。")
    actor.must("issues.read", about=audience_of(row))
    return row


def _files(row: SituationReport) -> list[SituationFile]:
    return list(row.files.order_by("kind").defer("packed"))
