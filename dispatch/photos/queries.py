"""Reads of photos. Scoped; frozen values out; nothing here writes or locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.issues.audiences import of_order, of_report
from dispatch.issues.keys import seal_of
from dispatch.issues.sealing import CannotOpen
from dispatch.photos import store
from dispatch.photos.actions import file_key
from dispatch.photos.models import Photo
from dispatch.photos.store import Size
from realtime.feed.contract import Actor
from realtime.feed.errors import NotFound


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo as a detail lists it: whose, how large, and what the camera said."""

    id: UUID
    report: UUID | None
    order: UUID | None
    document: str | None  # what a document is; None: a photo, which alone has a width and a height
    width: int
    height: int
    bytes: int
    position: tuple[float, float] | None  # (lon, lat) degrees, as the camera wrote it
    position_datum: str | None
    taken_at: datetime | None
    at: datetime


def view_of(row: Photo) -> PhotoView:
    """A photo as it is told of."""
    position = (row.position.x, row.position.y) if row.position else None
    return PhotoView(
        row.pk,
        row.report_id,
        row.order_id,
        row.document,
        row.width or 0,
        row.height or 0,
        row.size,
        position,
        row.position_datum,
        row.taken_at,
        row.at,
    )


def photos_of(issue_id: UUID, *, orders: Sequence[UUID]) -> list[PhotoView]:
    """Photos and documents of an issue's reports, and of the named ones of its orders, in order. One statement."""
    rows = Photo.objects.filter(issue_id=issue_id).order_by("at", "pk")
    return [view_of(row) for row in rows if row.order_id is None or row.order_id in orders]


def picture(photo_id: UUID, size: Size, *, actor: Actor) -> bytes:
    """One picture: for who sent it, and for those who may read its issue, or the order that it was fed back with.

    Raises NotFound for anybody else, for an erased issue, and when the file is gone. Five statements at most.
    """
    return _opened(_row(photo_id, actor, document=False), size)


def document(file_id: UUID, *, actor: Actor) -> tuple[str, bytes]:
    """What a document is, and its content: for the same, under the same conditions, as a picture."""
    row = _row(file_id, actor, document=True)
    return str(row.document), _opened(row, "full")


def _row(photo_id: UUID, actor: Actor, *, document: bool) -> Photo:
    rows = Photo.objects.select_related("issue", "report", "order").filter(document__isnull=not document)
    row = rows.filter(pk=photo_id).first()
    if row is None or not _may_see(row, actor):
        raise _not_found()
    return row


def _opened(row: Photo, size: Size) -> bytes:
    seal = seal_of(row.issue_id) if row.issue_id else None
    if row.issue_id and seal is None:
        raise _not_found()
    try:
        return store.kept(row.pk, size, file_key(row, seal))
    except (FileNotFoundError, CannotOpen) as error:
        raise _not_found() from error


def _may_see(row: Photo, actor: Actor) -> bool:
    if row.centre_id not in (actor.centre_id, None):
        return False
    if row.issue is None:
        return row.by == actor.principal
    if row.report is not None and row.report.by == actor.principal:
        return True
    if row.order:
        return actor.scope.sees(of_order(row.issue, row.order))
    return actor.scope.sees(of_report(row.issue, row.issue.orders.all(), row.issue.reports.defer("sealed")))


def _not_found() -> NotFound:
    return NotFound("photo.not_found", "没有这张照片或这个文件，或不在您的管辖范围内。")
