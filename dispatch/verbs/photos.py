"""The only writers of photos and documents: taken in, given to a report or a feedback, removed when unwanted."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from command.people.queries import Now
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.issues.keys import master_key
from dispatch.matter.issues.sealing import IssueSeal
from dispatch.matter.messages.models import Message
from dispatch.matter.orders.models import Order
from dispatch.matter.photos import store
from dispatch.matter.photos.documents import kind_of
from dispatch.matter.photos.errors import RULE
from dispatch.matter.photos.keys import binding, file_key, sealed_file_key
from dispatch.matter.photos.making import make
from dispatch.matter.photos.models import Photo
from dispatch.matter.photos.shown import content_of, found, ground_of, not_found
from dispatch.matter.reports.models import Report
from dispatch.matter.viewings.models import What
from dispatch.verbs.viewing import look
from realtime.feed import clock
from realtime.feed.actions import MAX_KEY_CHARS
from realtime.feed.contract import Actor
from realtime.feed.errors import Invalid, KeyReused
from realtime.workshop.workshop import workshop

MOST: Final = 9  # of one report or feedback
WAITS_FOR: Final = timedelta(days=1)
_KEY_BYTES: Final = 32
_READ_BYTES: Final = 1024 * 1024


def take(source: IO[bytes], claimed: str, *, by: str, centre_id: UUID | None, key: str) -> Photo:
    """Re-encodes a photo and keeps it, sealed and on the disk. It waits a day for a report or a feedback to name it.

    claimed  the content type that came with it
    by       principal; only the same may name it later
    The same key with the same file gives the same photo. No fact: nobody is concerned yet.
    Raises Invalid (no image, not what it says, no key), TooLarge, KeyReused, Busy when too many are being made.
    """
    sent = _hash(source)
    if known := _known(by, key, sent):
        return known
    made = workshop.do_with(make, source, claimed, ZoneInfo(settings.TIME_ZONE))
    row = Photo(
        width=made.width,
        height=made.height,
        size=len(made.full),
        position=Point(made.lon, made.lat, srid=4490) if made.lon is not None and made.lat is not None else None,
        position_datum=made.datum,
        taken_at=made.taken_at,
    )
    return _keep(row, {"full": made.full, "thumb": made.thumb}, by=by, centre_id=centre_id, key=key, sent=sent)


def take_document(source: IO[bytes], *, by: str, centre_id: UUID | None, key: str) -> Photo:
    """Keeps a document as it was sent, sealed and on the disk; otherwise as `take`. Raises as it does."""
    sent = _hash(source)
    if known := _known(by, key, sent):
        return known
    kind = workshop.do_with(kind_of, source)
    source.seek(0)
    content = source.read()
    row = Photo(document=kind, size=len(content))
    return _keep(row, {"full": content}, by=by, centre_id=centre_id, key=key, sent=sent)


def _keep(
    row: Photo, contents: Mapping[store.Size, bytes], *, by: str, centre_id: UUID | None, key: str, sent: bytes
) -> Photo:
    """Writes the files, then the row that names them; a rival's row when the same key was there first."""
    file_key = os.urandom(_KEY_BYTES)
    row.centre_id, row.by, row.key, row.sent_hash, row.at = centre_id, by, key, sent, clock.at(None)
    row.wrapped = master_key().new_key(binding(row.pk))
    row.sealed_key = sealed_file_key(master_key().unwrap(row.wrapped, binding(row.pk)), row.pk, file_key)
    try:
        for size, content in contents.items():  # files first: a row never names what the disk lacks
            store.keep(row.pk, size, content, file_key)
    except OSError:
        store.remove(row.pk)
        raise
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        store.remove(row.pk)
        if known := _known(by, key, sent):
            return known
        raise
    return row


def attach(
    photo_ids: Sequence[UUID], *, to: Report | Order | Message, aggregate: Aggregate, seal: IssueSeal | None, by: str
) -> None:
    """Gives waiting photos to a report, an order or a message of a locked aggregate: the issue's key seals them now.

    A part of another action, under its lock, after its rows are saved. `seal`: the issue's; `by`: who sent them.
    Raises Invalid for more than nine, or one that is unknown, another's, or given away already. One statement for
    none, else one and one for each.
    """
    wanted = list(dict.fromkeys(photo_ids))
    if not wanted:
        return
    if len(wanted) > MOST:
        raise Invalid("photo.too_many", f"一次最多 {MOST} 张照片。", field="photos", rule=RULE, remedy="请去掉一些。")
    waiting = Photo.objects.select_for_update(no_key=True).filter(pk__in=wanted, by=by, issue=None).order_by("pk")
    rows = list(waiting)
    if len(rows) != len(wanted) or seal is None:
        raise Invalid(
            "photo.unknown",
            "照片或文件不存在、已用于别处，或上传已超过一天。",
            field="photos",
            rule=RULE,
            remedy="请重新上传。",
        )
    for row in rows:
        row.sealed_key = sealed_file_key(seal, row.pk, file_key(row, None))
        row.wrapped = None
        row.centre_id = aggregate.issue.centre_id
        row.issue = aggregate.issue
        row.report = to if isinstance(to, Report) else None
        row.order = to if isinstance(to, Order) else None
        row.message = to if isinstance(to, Message) else None
        row.attached_at = aggregate.at
        row.save()


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened: a picture (`kind` None) or a document, and its content."""

    kind: str | None
    content: bytes


def open_file(photo_id: UUID, *, document: bool, actor: Actor) -> Opened:
    """Opens a photo in full, or a document, for who handles its issue, and records that: by which post and why.

    Each opening is recorded. While it waits its sender opens it unrecorded: it concerns nobody yet.
    Raises NotFound for anybody else, for an erased issue, and when the file is gone.
    """
    row, handlers = found(photo_id, actor, document=document)
    content = content_of(row, "full")
    if handlers is not None:
        ground = ground_of(row, handlers, actor)
        if ground is None:
            raise not_found()
        what = What.DOCUMENT if document else What.PHOTO
        look(handlers.issue, what, row.pk, ground, by=actor.principal)
    return Opened(row.document, content)


def forget_waiting() -> int:
    """Removes photos that waited for more than a day, and files that no row names. How many photos."""
    gone = 0
    for photo_id in list(Photo.objects.filter(issue=None, at__lt=Now() - WAITS_FOR).values_list("pk", flat=True)):
        removed, _ = Photo.objects.filter(pk=photo_id, issue=None).delete()  # not if it was just given away
        if removed:
            store.remove(photo_id)
            gone += 1
    left = list(store.older_than(WAITS_FOR.total_seconds()))
    for start in range(0, len(left), 1000):
        some = left[start : start + 1000]
        named = set(Photo.objects.filter(pk__in=some).values_list("pk", flat=True))
        for photo_id in set(some) - named:
            store.remove(photo_id)
            gone += 1
    return gone


def _known(by: str, key: str, sent: bytes) -> Photo | None:
    if not 1 <= len(key) <= MAX_KEY_CHARS:
        raise Invalid(
            "idempotency_key.invalid",
            "缺少幂等键，或其长度超过 255 个字符。",
            field="Idempotency-Key",
            remedy="每张照片、每个文件生成一个新的 UUID 作为 Idempotency-Key 请求头；重试时沿用同一个。",
        )
    row = Photo.objects.filter(by=by, key=key).first()
    if row is not None and bytes(row.sent_hash) != sent:
        raise KeyReused(
            "idempotency_key.reused",
            "这个幂等键已用于另一张照片或另一个文件。",
            field="Idempotency-Key",
            remedy="为新的照片或文件生成新的幂等键。",
        )
    return row


def _hash(source: IO[bytes]) -> bytes:
    digest = hashlib.sha256()
    source.seek(0)
    while piece := source.read(_READ_BYTES):
        digest.update(piece)
    source.seek(0)
    return digest.digest()
