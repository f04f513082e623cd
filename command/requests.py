"""What routers share: the version that a request was made on, the answer of a command, its schema."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, TypeAlias

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from gis.names import cleaned, seen, shows_something, why_no_name
from realtime.feed.codes import RefusalCode
from realtime.feed.contract import Answer
from realtime.feed.errors import Invalid, VersionRequired

MOST_PARTS: Final = 100  # of a body, or of an object in it: no form has a third of it
_VERSION: Final = re.compile(r'(?:W/)?"?(\d{1,9})"?', re.ASCII)
# Clocks are set at most so far west and east of Greenwich (IANA time zone database, files `australasia`, `etcetera`).
_WEST: Final = timedelta(hours=-12)
_EAST: Final = timedelta(hours=14)


def _of_a_zone(at: datetime) -> datetime:
    if not _WEST <= (at.utcoffset() or timedelta()) <= _EAST:
        raise PydanticCustomError("timezone_offset", "no place has this offset")
    return at


Instant: TypeAlias = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
    AfterValidator(_of_a_zone),
]
Words: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


def _as_seen(line: str) -> str:
    if not shows_something(line):
        raise PydanticCustomError("string_unseen", "nothing of it is seen")
    return seen(line)


# A short text for one line: no control characters, which no form and no other system has a reason to send.
PastedLine: TypeAlias = Annotated[  # a name or number, as an address book gives it: cleaned and judged where it is read
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Line: TypeAlias = Annotated[PastedLine, AfterValidator(_as_seen)]
Position: TypeAlias = Annotated[str | None, Query(max_length=80)]  # where a page ended: an instant, `~`, an id


class Body(BaseModel):
    """What a command's body may hold: what is not named is refused, so that a misspelt part is not lost unseen."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _is_short(cls, given: object) -> object:
        """Refuses at once what names far too many parts: 60,000 faults, one for each, took a second of CPU."""
        if isinstance(given, dict) and len(given) > MOST_PARTS:
            raise Invalid(
                "request.too_many_parts",
                f"请求含有 {len(given)} 项，最多 {MOST_PARTS} 项。",
                rule="格式",
                remedy="请按接口说明提交，去掉多余的项。",
            )
        return given


class ObjectOut(Schema):
    """Which object a command changed."""

    id: str
    kind: str


class AnswerOut(Schema):
    """The answer to every command: the object's version and card after it, and its place in the feed."""

    card: dict[str, Any]
    object: ObjectOut
    seq: int
    version: int


class ProblemOut(Schema):
    """Why a request was refused (RFC 9457). `code` is for programs; detail and remedy are Chinese, for people."""

    type: str
    title: str
    status: int
    detail: str
    code: RefusalCode
    field: str | None = None
    rule: str | None = None
    remedy: str | None = None


PROBLEMS: Final = frozenset({400, 401, 403, 404, 409, 412, 413, 422, 428, 429, 503})
ANSWERS: Final[dict[Any, Any]] = {200: AnswerOut, PROBLEMS: ProblemOut}


def a_name(text: str, field: str) -> str:
    """A typed name without what nobody sees. Raises Invalid for a number, a date, `#N/A`: no form takes it for one."""
    name = cleaned(text)
    if why := why_no_name(name):
        raise Invalid("name.not_a_name", f"{why}。", field=field, rule="6", remedy="请填写真实的名称。")
    return name


def expected_version(request: HttpRequest) -> int | None:
    """The version in `If-Match` (`"12"`); None without the header. Raises Invalid for anything else."""
    header = request.headers.get("If-Match")
    if header is None:
        return None
    found = _VERSION.fullmatch(header.strip())
    if found is None:
        raise Invalid(
            "version.malformed", "If-Match 请求头须为带引号的版本号。", field="If-Match", remedy='例如 If-Match: "12"。'
        )
    return int(found[1])


def must_expect(request: HttpRequest) -> int:
    """The version in `If-Match`. Raises VersionRequired without the header, Invalid for anything else."""
    expected = expected_version(request)
    if expected is None:
        raise VersionRequired(
            "version.required", "缺少 If-Match 请求头。", field="If-Match", remedy="带上您看到的版本号再提交。"
        )
    return expected


def answered(answer: Answer, *, status: int = 200) -> HttpResponse:
    """The answer's own bytes: a repeat gets the same."""
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(answer.body, status=status, content_type="application/json", headers=headers)
