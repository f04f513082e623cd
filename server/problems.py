"""How refusals look on the wire: RFC 9457, `application/problem+json`, Chinese for people, codes for programs."""

import errno
import json
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, RawPostDataException
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from dispatch.doors import form_errors as faults
from realtime.feed.codes import RefusalCode
from realtime.feed.contract import Json
from realtime.feed.errors import Busy, Invalid, NoRoom, NotFound, Refused, Replayed, Unauthenticated

log = logging.getLogger(__name__)

# Retrying does no harm: nothing was committed, or the key gives the first answer.
# Lock not available, deadlock, statement cancelled, ended because this process got no turn for too long.
_HELD: Final = frozenset({"55P03", "40P01", "57014", "25P03"})
_DISK_FULL: Final = "53100"
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_RETRY_AFTER_S: Final = "1"
_UNSAID: Final[Mapping[int, tuple[str, str, RefusalCode]]] = {
    400: ("请求有误", "无法读取这个请求。", "request.malformed"),
    403: ("没有权限", "页面已过期，请刷新后再试。", "request.forged"),
    404: ("未找到", "没有这个地址。", "address.not_found"),
    405: ("方法不对", "这个地址不接受这种请求方法。", "method.not_allowed"),
    412: ("内容已被更新", "内容已不是 If-Match 所说的版本，请重新读取。", "version.stale"),
    413: ("请求过大", "请求内容过大。", "request.too_large"),
}


def problem(refused: Refused) -> HttpResponse:
    """The document of a refusal, with Retry-After where trying again helps."""
    headers = {"Cache-Control": "no-store"}
    if refused.status == Busy.status:
        headers["Retry-After"] = _RETRY_AFTER_S
    if "retry_after_s" in refused.extra:
        headers["Retry-After"] = str(refused.extra["retry_after_s"])
    return _document(refused.status, refused.title, refused.detail, refused.code, _said(refused), headers)


def no_room(detail: str) -> NoRoom:
    """The refusal of what a full disk doesn't take."""
    return NoRoom("disk.full", detail, remedy="请先记在纸上，并通知管理员腾出磁盘空间；之后可以原样再提交。")


@csrf_exempt  # nothing is written: the address is told to be none, not that a token is missing
def no_such_address(request: HttpRequest) -> HttpResponse:
    """The answer of every unknown address under /api."""
    return problem(NotFound("address.not_found", "没有这个地址。"))


def unreadable(status: int) -> bytes:
    """What the server before Django answers when it can't read a request, or gets no answer in time."""
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _document(status, *_UNSAID[HTTPStatus.BAD_REQUEST], {}).content
    return _document(status, "系统错误", "系统没有及时应答，请稍后再试。", "server.error", {}).content


def in_chinese(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what Django or the router refuse by themselves, in English or in a page, becomes our document too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        said = response.headers.get("Content-Type", "").partition(";")[0]
        if response.status_code not in _UNSAID or said in ("application/problem+json", "application/json"):
            return response
        if response.status_code == HTTPStatus.NOT_FOUND and not request.path.startswith(("/api/", "/static/")):
            return response  # a person's address: server.pages says it in a page
        title, detail, code = _UNSAID[response.status_code]
        kept = {name: response.headers[name] for name in ("Allow",) if name in response.headers}
        more: dict[str, Json] = {"allowed": kept["Allow"].split(", ")} if kept else {}
        return _document(response.status_code, title, detail, code, more, kept)

    return middleware


def handle_all(api: NinjaAPI) -> None:
    """Renders every exception that an address of `api` may raise; none shows its insides."""

    def replayed(request: HttpRequest, error: Replayed) -> HttpResponse:
        return HttpResponse(error.answer.body, content_type="application/json", headers={"Cache-Control": "no-store"})

    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return problem(error)

    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(Unauthenticated("session.none", "请先登录，或出示有效的接口密钥。"))

    def absent(request: HttpRequest, error: Http404) -> HttpResponse:
        return no_such_address(request)

    def malformed(request: HttpRequest, error: HttpError) -> HttpResponse:
        return _document(error.status_code, "请求有误", "无法读取请求内容，应为 JSON。", "request.malformed", {})

    def form_instead(request: HttpRequest, error: RawPostDataException) -> HttpResponse:
        # Who is signed in has a token, which Django looks for in a form first: then the body is read, and is no JSON.
        return malformed(request, HttpError(HTTPStatus.BAD_REQUEST, ""))

    def unparsed(request: HttpRequest, error: Exception) -> HttpResponse:
        return _document(400, *_UNSAID[400], {"remedy": "请按接口说明组织请求：表单的分隔符、字段数和编码须合规。"})

    def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return _document(413, "请求过大", "请求内容超过 1 MB。", "request.too_large", {})

    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(faults.invalid(error.errors))

    def unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
        # Without the error's words: they quote the value.
        state = getattr(error.__cause__, "sqlstate", None)
        log.warning("%s %r carried a value that PostgreSQL does not take (%s)", request.method, request.path, state)
        return problem(
            Invalid(
                "request.unstorable", "含有无法保存的字符或数值。", rule="格式", remedy="请去掉控制字符，检查数值。"
            )
        )

    def database(request: HttpRequest, error: Exception) -> HttpResponse:
        state = getattr(error.__cause__, "sqlstate", None)
        if state == _DISK_FULL:
            log.error("the database's disk is full", exc_info=error)
            return problem(no_room("数据库的磁盘已满，没有办成。"))
        held = state in _HELD
        if not held:
            log.error("the database could not be reached", exc_info=error)
        return problem(
            Busy("lock.busy", "他人正在操作，请稍后再试。", remedy="稍候会自动重试。")
            if held
            else Busy("database.unavailable", "数据库暂时不可用，请稍后再试。", remedy="稍候会自动重试。")
        )

    def ended(request: HttpRequest, error: InternalError) -> HttpResponse:
        return (database if getattr(error.__cause__, "sqlstate", None) in _HELD else failed)(request, error)

    def system(request: HttpRequest, error: OSError) -> HttpResponse:
        if error.errno not in _NO_ROOM:
            return failed(request, error)
        log.error("a disk is full", exc_info=error)
        return problem(no_room("存放照片和文件的磁盘已满，没有保存。"))

    def failed(request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("%s %r failed", request.method, request.path, exc_info=error)
        return _document(500, "系统错误", "系统出现错误，已记录。", "server.error", {})

    handlers: dict[type[Exception], Callable[..., HttpResponse]] = {
        Replayed: replayed,
        Refused: refused,
        AuthenticationError: unknown,
        Http404: absent,
        HttpError: malformed,
        RawPostDataException: form_instead,
        BadRequest: unparsed,
        SuspiciousOperation: unparsed,  # too many fields or files, a malformed host
        MultiPartParserError: unparsed,
        RequestDataTooBig: too_big,
        ValidationError: invalid,
        DataError: unstorable,
        OperationalError: database,
        InterfaceError: database,
        InternalError: ended,
        OSError: system,
        Exception: failed,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _said(refused: Refused) -> dict[str, Json]:
    named = {"field": refused.field, "rule": refused.rule, "remedy": refused.remedy}
    return {**{key: value for key, value in named.items() if value is not None}, **refused.extra}


def _document(
    status: int,
    title: str,
    detail: str,
    code: RefusalCode,
    more: Mapping[str, Json],
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    document = {
        "type": f"urn:relay60:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }
    return HttpResponse(
        json.dumps(document, ensure_ascii=False),
        status=status,
        content_type="application/problem+json",
        headers=headers,
    )
