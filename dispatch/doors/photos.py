"""Photos and documents over HTTP: parse, call, answer."""

from datetime import datetime
from typing import IO, Literal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from command.access import PersonActor, Right
from command.people.authentication import BY_PERSON, BY_PERSON_OR_SYSTEM, actor_of
from dispatch.doors.uploads import was_refused
from dispatch.matter.photos import shown as queries
from dispatch.matter.photos.documents import MEDIA_TYPES
from dispatch.matter.photos.errors import RULE, too_many_bytes
from dispatch.verbs import photos as actions
from dispatch.verbs.requests import PROBLEMS, ProblemOut
from realtime.feed.errors import Forbidden, Invalid

router = Router(tags=["photos"], auth=BY_PERSON)

_TAKERS = frozenset({Right.REPORTS_MAKE, Right.ORDERS_FEED_BACK, Right.MESSAGES_WRITE})  # who has something to show
# A picture shown as a page of its own may run nothing, whatever a browser takes it for.
_HEADERS = {
    "Cache-Control": "private, no-store",  # from a browser's store it would be opened without a record
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; sandbox",
    "Content-Disposition": "inline",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_KEPT = {"Cache-Control": "private, max-age=600", "Vary": "Cookie"}  # the next person to sign in asks again


class UploadedOut(Schema):
    """A photo that was taken in; name it in a report or a feedback within a day."""

    id: UUID
    width: int
    height: int
    bytes: int
    position: tuple[float, float] | None
    position_datum: str | None
    taken_at: datetime | None


class UploadedFileOut(Schema):
    """A document that was taken in; name it in a feedback within a day."""

    id: UUID
    kind: str
    bytes: int


@router.post("/files", response={201: UploadedFileOut, PROBLEMS: ProblemOut})
def take_file(request: HttpRequest, file: File[UploadedFile | None] = None) -> Status[UploadedFileOut]:
    """Takes a document in (multipart, `file`): PDF or Office, at most 20 MB. What it is, its content says."""
    actor = actor_of(request)
    if not (isinstance(actor, PersonActor) and Right.MESSAGES_WRITE in actor.rights):
        raise Forbidden("right.missing", "您的岗位不上传文件。", extra={"right": "messages.write"})
    source = _file_of(request, file)
    key = request.headers.get("Idempotency-Key", "")
    row = actions.take_document(source, by=actor.principal, centre_id=actor.centre_id, key=key)
    return Status(201, UploadedFileOut(id=row.pk, kind=str(row.document), bytes=row.size))


@router.get("/files/{file_id}", response={200: bytes, PROBLEMS: ProblemOut})
def read_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The document, to be saved: no browser shows it in a page of ours. Each time is recorded."""
    opened = actions.open_file(file_id, document=True, actor=actor_of(request))
    kind = str(opened.kind)
    disposition = {"Content-Disposition": f'attachment; filename="{file_id}.{kind}"'}
    return HttpResponse(opened.content, content_type=MEDIA_TYPES[kind], headers=_HEADERS | disposition)


@router.post("/photos", response={201: UploadedOut, PROBLEMS: ProblemOut}, auth=BY_PERSON_OR_SYSTEM)
def take(request: HttpRequest, file: File[UploadedFile | None] = None) -> Status[queries.PhotoView]:
    """Takes a photo in (multipart, `file`): JPEG, PNG, WebP or HEIC, at most 20 MB and 40 megapixels."""
    actor = actor_of(request)
    if isinstance(actor, PersonActor) and not _TAKERS & set(actor.rights):
        raise Forbidden("right.missing", "您的岗位不上传照片。", extra={"right": "reports.make"})
    return Status(201, taken(request, file, by=actor.principal, centre_id=actor.centre_id))


@router.get("/photos/{photo_id}", response={200: bytes, PROBLEMS: ProblemOut})
def read(request: HttpRequest, photo_id: UUID, size: Literal["thumb", "full"] = "full") -> HttpResponse:
    """The picture, as JPEG: 4,096 pixels at the longest side, each time recorded; or too small to read, unrecorded."""
    if size == "thumb":
        small = queries.thumbnail(photo_id, actor=actor_of(request))
        return HttpResponse(small, content_type="image/jpeg", headers=_HEADERS | _KEPT)
    opened = actions.open_file(photo_id, document=False, actor=actor_of(request))
    return HttpResponse(opened.content, content_type="image/jpeg", headers=_HEADERS)


def taken(
    request: HttpRequest, file: "DjangoFile[bytes] | None", *, by: str, centre_id: UUID | None
) -> queries.PhotoView:
    """Takes the file of a request in. Raises TooLarge, Invalid."""
    source = _file_of(request, file)
    key = request.headers.get("Idempotency-Key", "")
    row = actions.take(source, file.content_type or "" if file else "", by=by, centre_id=centre_id, key=key)
    return queries.view_of(row)


def _file_of(request: HttpRequest, file: "DjangoFile[bytes] | None") -> IO[bytes]:
    if was_refused(request):
        raise too_many_bytes()
    if file is None or file.file is None:
        raise Invalid("photo.missing", "没有附上照片或文件。", field="file", rule=RULE, remedy="请选择一个。")
    return file.file
