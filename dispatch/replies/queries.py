"""Reads of what passed between the centre and reporters. Frozen values out; nothing here writes or locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from dispatch.intake.models import Report
from dispatch.issues.keys import seal_of
from dispatch.issues.locks import load, with_places
from dispatch.issues.models import Issue
from dispatch.issues.queries import visible
from dispatch.replies.actions import binding
from dispatch.replies.models import Addition, Kind, Rating, Reply
from realtime.feed.contract import Actor, Json

MOST: Final = 200
_NOT_YET: Final = ("reported", "merged", "voided", "archived")


@dataclass(frozen=True, slots=True)
class ReplyView:
    """A reply as the desk and its reporter read it; `text` None when the issue's key was destroyed."""

    id: UUID
    report: UUID
    channel: str
    at: datetime
    told_at: datetime
    by: str  # principal; never shown to a reporter
    text: str | None


@dataclass(frozen=True, slots=True)
class AdditionView:
    """Something that a reporter said later."""

    id: UUID
    report: UUID
    kind: str
    at: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class RatingView:
    """How a reporter judged."""

    report: UUID
    score: int
    at: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class Correspondence:
    """All that passed with the reporters of an issue, the first first."""

    replies: tuple[ReplyView, ...]
    additions: tuple[AdditionView, ...]
    ratings: tuple[RatingView, ...]

    def of(self, report_id: UUID) -> "Correspondence":
        """What passed with one of them."""
        return Correspondence(
            tuple(reply for reply in self.replies if reply.report == report_id),
            tuple(addition for addition in self.additions if addition.report == report_id),
            tuple(rating for rating in self.ratings if rating.report == report_id),
        )


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An issue with a reporter who waits for an answer since `since`."""

    id: UUID
    version: int
    card: Mapping[str, Json]
    report: UUID
    since: datetime


def correspondence(issue_id: UUID) -> Correspondence:
    """All replies, additions and ratings of an issue in clear. Four statements."""
    seal = seal_of(issue_id)

    def opened(sealed: bytes | memoryview | None, bound_to: str) -> str | None:
        return seal.open(bytes(sealed), bound_to) if seal and sealed is not None else None

    replies = Reply.objects.filter(issue_id=issue_id).order_by("at", "pk")
    additions = Addition.objects.filter(issue_id=issue_id).order_by("at", "pk")
    ratings = Rating.objects.filter(issue_id=issue_id).order_by("at", "pk")
    return Correspondence(
        tuple(
            ReplyView(
                row.pk, row.report_id, row.channel, row.at, row.told_at, row.by, opened(row.sealed, binding(row.pk))
            )
            for row in replies
        ),
        tuple(
            AdditionView(row.pk, row.report_id, row.kind, row.at, opened(row.sealed, binding(row.pk, "addition")))
            for row in additions
        ),
        tuple(
            RatingView(row.report_id, row.score, row.at, opened(row.sealed, binding(row.report_id, "rating")))
            for row in ratings
        ),
    )


def unanswered(*, actor: Actor) -> list[Unanswered]:
    """Issues of the actor's scope whose reporter was not answered, the longest waiting first; at most 200.

    A reporter who named themselves, or came by a QR page, waits from the issue's acceptance, decline or closing, and
    from what they added later, until the next reply. Archived, voided and merged issues wait for nothing of their own.
    Raises Forbidden. Five statements. Source: docs/rules.md, "An issue".
    """
    actor.must("issues.read")
    issues = Issue.objects.filter(visible(actor.scope), centre_id=actor.centre_id).exclude(state__in=_NOT_YET)
    said = Addition.objects.filter(report=OuterRef("pk"), kind=Kind.ADDITION).order_by().values("report")
    declined = Issue.objects.filter(pk=OuterRef("issue_id"), state="declined").values("last_at")
    waiting = (
        Report.objects.filter(answerable=True, issue__in=issues)
        .annotate(
            since=Greatest(
                F("issue__accepted_at"),
                F("issue__closed_at"),
                Subquery(declined, output_field=DateTimeField()),
                Subquery(said.annotate(last=Max("at")).values("last"), output_field=DateTimeField()),
            )
        )
        .filter(~Q(since=None), ~Exists(Reply.objects.filter(report=OuterRef("pk"), at__gte=OuterRef("since"))))
        .order_by("since", "pk")
        .values_list("pk", "issue_id", "since")
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
