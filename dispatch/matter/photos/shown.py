"""Reads of photos. Scoped; frozen values out; nothing here writes or locks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from command.access import PersonActor
from command.sealing import CannotOpen
from dispatch.matter.issues.keys import seal_of
from dispatch.matter.orders.chains import load_chains
from dispatch.matter.photos import store
from dispatch.matter.photos.keys import file_key
from dispatch.matter.photos.making import blurred
from dispatch.matter.photos.models import Photo
from dispatch.matter.photos.store import Size
from dispatch.matter.viewings.grounds import Ground, Handlers, ground, handlers_of
from realtime.feed.contract import Actor
from realtime.feed.errors import NotFound

HELP: Final = "照片和文件只有经办人员能打开：值班席、承办单位、当场化解的一级和上报人。"


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo as a detail lists it: whose, how large, and what the camera said."""

    id: UUID
    report: UUID | None
    order: UUID | None
    message: UUID | None
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
        row.message_id,
        row.document,
        row.width or 0,
        row.height or 0,
        row.size,
        position,
        row.position_datum,
        row.taken_at,
        row.at,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """The photos and documents of an issue that an actor may open, and how many more there are."""

    photos: tuple[PhotoView, ...]
    withheld: int


def photos_of(handlers: Handlers, *, actor: Actor) -> Shown:
    """Photos and documents of an issue, in order: of those that the actor may not open only how many. One statement."""
    rows = list(
        Photo.objects.filter(issue=handlers.issue).select_related("report", "order", "message").order_by("at", "pk")
    )
    shown = [view_of(row) for row in rows if ground_of(row, handlers, actor) is not None]
    return Shown(tuple(shown), len(rows) - len(shown))


def thumbnail(photo_id: UUID, *, actor: Actor) -> bytes:
    """A photo too small to read anything in, for who may open it; no record is made of it. Raises NotFound."""
    row, handlers = found(photo_id, actor, document=False)
    if handlers is not None and ground_of(row, handlers, actor) is None:
        raise not_found()
    return blurred(content_of(row, "thumb"))


def found(photo_id: UUID, actor: Actor, *, document: bool) -> tuple[Photo, Handlers | None]:
    """A photo or document of the actor's centre, with who handles its issue; None while it waits, for its sender.

    Raises NotFound. Seven statements at most.
    """
    rows = Photo.objects.select_related("issue", "report", "order", "message").filter(document__isnull=not document)
    row = rows.filter(pk=photo_id).first()
    if row is None or row.centre_id not in (actor.centre_id, None):
        raise not_found()
    if row.issue is None:
        if row.by != actor.principal:
            raise not_found()
        return row, None
    orders = list(row.issue.orders.all())
    load_chains(orders)
    return row, handlers_of(row.issue, orders)


def ground_of(row: Photo, handlers: Handlers, actor: Actor) -> Ground | None:
    """On what ground the actor may open a photo or document of an issue; None: on none."""
    if not isinstance(actor, PersonActor):
        return None
    if row.report is not None:
        return ground(handlers, actor, handlers.of_report(row.report))
    if row.message is not None:
        return ground(handlers, actor, handlers.of_message(row.message))
    return ground(handlers, actor, handlers.of_order(row.order)) if row.order is not None else None


def content_of(row: Photo, size: Size) -> bytes:
    """What a photo or document holds, in clear. Raises NotFound for an erased issue, and when the file is gone."""
    seal = seal_of(row.issue_id) if row.issue_id else None
    if row.issue_id and seal is None:
        raise not_found()
    try:
        return store.kept(row.pk, size, file_key(row, seal))
    except (FileNotFoundError, CannotOpen) as error:
        raise not_found() from error


def not_found() -> NotFound:
    """What is foreign does not exist."""
    return NotFound("photo.not_found", "没有这张照片或这个文件，或不由您经办。", rule="2", remedy=HELP)
