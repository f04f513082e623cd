"""Reads of what passed between the centre and reporters. Frozen values out; nothing here writes or locks."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from dispatch.matter.issues.keys import seal_of
from dispatch.matter.replies.models import Addition, Rating, Reply
from dispatch.matter.texts.masking import mask_text
from dispatch.verbs.replies import binding


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

    def masked(self) -> "Correspondence":
        """The same with telephone and identity numbers masked."""
        return Correspondence(
            tuple(replace(reply, text=_masked(reply.text)) for reply in self.replies),
            tuple(replace(addition, text=_masked(addition.text)) for addition in self.additions),
            tuple(replace(rating, text=_masked(rating.text)) for rating in self.ratings),
        )

    def of(self, report_id: UUID) -> "Correspondence":
        """What passed with one of them."""
        return Correspondence(
            tuple(reply for reply in self.replies if reply.report == report_id),
            tuple(addition for addition in self.additions if addition.report == report_id),
            tuple(rating for rating in self.ratings if rating.report == report_id),
        )


def correspondence(issue_id: UUID, *merged: UUID) -> Correspondence:
    """All replies, additions and ratings of an issue in clear, then those of issues `merged` into it. Four statements
    for each.
    """
    first, *others = (_of_one(key) for key in (issue_id, *merged))
    return Correspondence(
        first.replies + tuple(reply for each in others for reply in each.replies),
        first.additions + tuple(addition for each in others for addition in each.additions),
        first.ratings + tuple(rating for each in others for rating in each.ratings),
    )


def _of_one(issue_id: UUID) -> Correspondence:
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


def _masked(text: str | None) -> str | None:
    return mask_text(text) if text is not None else None
