"""Reporters who were not answered: a read of its own, since the issue's detail shows replies too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, DateTimeField, Exists, F, Max, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Greatest

from dispatch.intake.models import Report
from dispatch.issues.locks import load, with_places
from dispatch.issues.models import Issue
from dispatch.issues.queries import visible
from dispatch.replies.models import Addition, Kind, Reply
from realtime.feed.contract import Actor, Json

MOST: Final = 200
_NOT_YET: Final = ("reported", "merged", "voided", "archived")
_MERGED_AWAY: Final = Q(issue__merged_into__isnull=False)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An issue with a reporter who waits for an answer since `since`."""

    id: UUID
    version: int
    card: Mapping[str, Json]
    report: UUID
    since: datetime


def unanswered(*, actor: Actor) -> list[Unanswered]:
    """Issues of the actor's scope whose reporter was not answered, the longest waiting first; at most 200.

    A reporter who named themselves, or came by a QR page, waits from the issue's acceptance, decline or closing, and
    from what they added later, until the next reply. Who reported what was merged away waits with the issue that deals
    with it, since the own report at the earliest. Archived and voided issues wait for nothing.
    Raises Forbidden. Five statements. Source: docs/rules.md, "An issue".
    """
    actor.must("issues.read")
    issues = Issue.objects.filter(visible(actor.scope), centre_id=actor.centre_id).exclude(state__in=_NOT_YET)
    said = Addition.objects.filter(report=OuterRef("pk"), kind=Kind.ADDITION).order_by().values("report")
    declined = Issue.objects.filter(pk=OuterRef("issue_id"), state="declined").values("last_at")
    waiting = (
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
        .filter(~Q(since=None), ~Exists(Reply.objects.filter(report=OuterRef("pk"), at__gte=OuterRef("since"))))
        .order_by("since", "pk")
        .values_list("pk", "matter", "since")
    )
    rows: Sequence[tuple[UUID, UUID, datetime]] = list(waiting[:MOST])
    found = list(with_places().filter(pk__in={issue_id for _, issue_id, _ in rows}))
    shown = {aggregate.issue.pk: aggregate for aggregate in load(found)}
    return [
        Unanswered(
            issue_id,
            shown[issue_id].issue.version,
            shown[issue_id].card_of(shown[issue_id].issue),
            report_id,
            since,
        )
        for report_id, issue_id, since in rows
    ]
