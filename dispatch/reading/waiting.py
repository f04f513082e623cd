"""Reporters who were not answered. Apart from `replies`, because the issue's detail shows those."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest

from command.settings.queries import settings_of
from dispatch.matter.aggregate.locks import load, with_places
from dispatch.matter.aggregate.visible import visible
from dispatch.matter.cards.issues import IssueCard
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import OPEN, State
from dispatch.matter.replies.models import Addition, Kind, Reply
from dispatch.matter.reports.models import Report
from dispatch.reading.pages import cursor_of, position
from realtime.feed import clock
from realtime.feed.contract import Actor, Scope
from realtime.feed.errors import Invalid

MAX_PAGE: Final = 200
_TAKEN_IN: Final = sorted(OPEN - {State.REPORTED})
_MERGED_AWAY: Final = Q(issue__merged_into__isnull=False)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An issue with reporters who wait for an answer, the last of them since `since`."""

    id: UUID
    version: int
    card: IssueCard
    reports: tuple[UUID, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Some of `total` issues, who began to wait last first; `cursor` asks for the next ones, None at the end."""

    total: int
    issues: tuple[Unanswered, ...]
    cursor: str | None


def unanswered(*, actor: Actor, cursor: str | None = None, limit: int = MAX_PAGE) -> Page:
    """One page of the issues of the actor's scope of which a reporter was not answered, the newest need first.

    A reporter who named themselves, or came by a QR page, waits from the issue's acceptance, decline or closing, and
    from what they added later, until the next reply. Who reported what was merged away waits with the issue that deals
    with it, since the own report at the earliest. While the issue is open they wait however long; when it was declined
    or closed, for the centre's days. Archived and voided issues wait for nothing.
    Raises Forbidden, Invalid for a cursor that none of our pages gave, or a limit outside 1 to 200. Nine statements.
    Source: docs/rules.md, "An issue".
    """
    scope = actor.scope_for("issues.read")
    if not 1 <= limit <= MAX_PAGE:
        raise Invalid("page.limit", f"每页 1 至 {MAX_PAGE} 条。", field="limit")
    days = settings_of(actor.centre_id).answer_wanted_days
    waiting = _waiting(scope, actor.centre_id, clock.at(None) - timedelta(days=days))
    matters = waiting.order_by().values("matter").annotate(latest=Max("since")).order_by("-latest", "-matter")
    rows = matters.values_list("matter", "latest")
    if cursor is not None:
        latest, last = position(cursor)
        rows = rows.filter(Q(latest__lt=latest) | Q(latest=latest, matter__lt=last))
    found: Sequence[tuple[UUID, datetime]] = list(rows[: limit + 1])
    shown = dict(found[:limit])
    more = cursor_of(found[limit - 1][1], found[limit - 1][0]) if len(found) > limit else None
    reports: dict[UUID, list[UUID]] = {key: [] for key in shown}
    of_these = waiting.filter(matter__in=list(shown)).order_by("since", "pk")
    for matter, report in of_these.values_list("matter", "pk"):
        reports[matter].append(report)
    aggregates = {one.issue.pk: one for one in load(list(with_places().filter(pk__in=shown)))}
    return Page(
        matters.count(),
        tuple(
            Unanswered(key, one.issue.version, one.card_of(one.issue), tuple(reports[key]), shown[key])
            for key, one in ((key, aggregates[key]) for key in shown)
        ),
        more,
    )


def _waiting(scope: Scope, centre_id: UUID, lately: datetime) -> QuerySet[Any, Any]:
    """The reports whose reporter waits, with `matter` and `since`; of ended matters only those since `lately`."""
    ended = Q(state=State.CLOSED) | Q(state=State.DECLINED, last_at__gte=lately)
    issues = Issue.objects.filter(Q(state__in=_TAKEN_IN) | ended, visible(scope), centre_id=centre_id)
    said = Addition.objects.filter(report=OuterRef("pk"), kind=Kind.ADDITION).order_by().values("report")
    declined = Issue.objects.filter(pk=OuterRef("issue_id"), state=State.DECLINED).values("last_at")
    still_open = Issue.objects.filter(pk=OuterRef("matter"), state__in=_TAKEN_IN)
    return (
        Report.objects.filter(answerable=True)
        .annotate(matter=Coalesce("issue__merged_into", "issue"))
        .filter(matter__in=issues.values("pk"))
        .annotate(
            since=Greatest(
                Coalesce("issue__merged_into__accepted_at", "issue__accepted_at"),
                Coalesce("issue__merged_into__closed_at", "issue__closed_at"),
                Case(When(_MERGED_AWAY, then=F("received_at"))),
                Subquery(declined, output_field=DateTimeField()),
                Subquery(said.annotate(last=Max("at")).values("last"), output_field=DateTimeField()),
            )
        )
        .filter(
            Q(since__gte=lately) | Q(Exists(still_open)),
            ~Q(since=None),
            ~Exists(Reply.objects.filter(report=OuterRef("pk"), at__gte=OuterRef("since"))),
        )
    )
