"""How refusals look on the wire: RFC 9457, `application/problem+json`, Chinese for people, codes for programs."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from realtime.feed.contract import Json
from realtime.feed.errors import Busy, Invalid, NotFound, Refused, Replayed, Unauthenticated

log = logging.getLogger(__name__)

# Retrying does no harm: nothing was committed, or the key gives the first answer.
_HELD: Final = frozenset({"55P03", "40P01", "57014"})  # lock not available, deadlock, statement cancelled
_RETRY_AFTER_S: Final = "1"

# pydantic's kinds of fault, in words and with what to do; the rest are said in general.
_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺少此项。", "请补充后重新提交。"),
    "extra_forbidden": ("没有这一项。", "请检查名称，或去掉此项。"),
    "model_type": ("须为对象。", "请按接口说明提交。"),
    "model_attributes_type": ("须为对象。", "请按接口说明提交。"),
    "string_too_short": ("内容不能为空。", "请填写内容。"),
    "string_too_long": ("内容过长，最多 {max_length} 字。", "请精简后重新提交。"),
    "string_type": ("须为文字。", "请以字符串提交。"),
    "string_unicode": ("含有无效字符。", "请检查编码，以 UTF-8 提交。"),
    "string_pattern_mismatch": ("含有不允许的字符。", "请去掉换行和控制字符。"),
    "enum": ("不在可选范围内，可选：{expected}。", "请选择其中之一。"),
    "uuid_parsing": ("不是有效的编号(UUID)。", "请检查编号。"),
    "uuid_type": ("不是有效的编号(UUID)。", "请检查编号。"),
    "float_parsing": ("须为数字。", "请填写数字。"),
    "float_type": ("须为数字。", "请填写数字。"),
    "finite_number": ("须为有限的数字。", "请填写数字。"),
    "int_parsing": ("须为整数。", "请填写整数。"),
    "bool_parsing": ("须为 true 或 false。", "请填写 true 或 false。"),
    "bool_type": ("须为 true 或 false。", "请填写 true 或 false。"),
    "timezone_aware": ("时间须带时区。", "例如 2026-11-02T09:00:00+08:00。"),
    "datetime_from_date_parsing": ("不是有效的时间。", "例如 2026-11-02T09:00:00+08:00。"),
    "datetime_parsing": ("不是有效的时间。", "例如 2026-11-02T09:00:00+08:00。"),
    "date_from_datetime_parsing": ("不是有效的日期。", "例如 2026-11-02。"),
    "greater_than_equal": ("不能小于 {ge}。", "请检查数值。"),
    "less_than_equal": ("不能大于 {le}。", "请检查数值。"),
    "less_than": ("须小于 {lt}。", "请检查数值。"),
    "too_short": ("至少 {min_length} 项。", "请补充后重新提交。"),
    "too_long": ("最多 {max_length} 项。", "请减少后重新提交。"),
}


def problem(refused: Refused) -> HttpResponse:
    """The document of a refusal, with Retry-After where trying again helps."""
    headers = {"Cache-Control": "no-store"}
    if refused.status == Busy.status:
        headers["Retry-After"] = _RETRY_AFTER_S
    if "retry_after_s" in refused.extra:
        headers["Retry-After"] = str(refused.extra["retry_after_s"])
    return _document(refused.status, refused.title, refused.detail, refused.code, _said(refused), headers)


def no_such_address(request: HttpRequest) -> HttpResponse:
    """What every address under /api answers that is none."""
    return problem(NotFound("address.not_found", "没有这个地址。"))


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

    def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return _document(413, "请求过大", "请求内容超过 1 MB。", "request.too_large", {})

    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(_invalid(error.errors))

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
        held = getattr(error.__cause__, "sqlstate", None) in _HELD
        if not held:
            log.error("the database could not be reached", exc_info=error)
        return problem(
            Busy("lock.busy", "他人正在操作，请稍后再试。", remedy="稍候会自动重试。")
            if held
            else Busy("database.unavailable", "数据库暂时不可用，请稍后再试。", remedy="稍候会自动重试。")
        )

    def failed(request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("%s %r failed", request.method, request.path, exc_info=error)
        return _document(500, "系统错误", "系统出现错误，已记录。", "server.error", {})

    handlers: dict[type[Exception], Callable[..., HttpResponse]] = {
        Replayed: replayed,
        Refused: refused,
        AuthenticationError: unknown,
        Http404: absent,
        HttpError: malformed,
        RequestDataTooBig: too_big,
        ValidationError: invalid,
        DataError: unstorable,
        OperationalError: database,
        InterfaceError: database,
        Exception: failed,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _invalid(errors: Sequence[Mapping[str, Any]]) -> Invalid:
    """All faults of a request's form: the first named in full, each listed with its field and kind."""
    faults = [_fault(error) for error in errors]
    field, detail, remedy = faults[0]
    return Invalid(
        "request.invalid",
        f"{field}：{detail}",
        field=field,
        rule="格式",
        remedy=remedy,
        extra={"faults": [{"field": name, "detail": words, "remedy": what} for name, words, what in faults]},
    )


def _fault(error: Mapping[str, Any]) -> tuple[str, str, str]:
    words, remedy = _FAULTS.get(str(error.get("type")), ("格式不正确。", "请按接口说明检查此项。"))
    context = {key: str(value) for key, value in (error.get("ctx") or {}).items()}
    # The place is (source, name of the parameter, path inside it): people know only the path.
    place = [str(step) for step in error.get("loc", ())]
    inner = place[2:] if len(place) > 2 and place[0] == "body" else place[1:]
    try:
        detail = words.format(**context)
    except KeyError:
        detail = words
    return ".".join(inner) or "body", detail, remedy


def _said(refused: Refused) -> dict[str, Json]:
    named = {"field": refused.field, "rule": refused.rule, "remedy": refused.remedy}
    return {**{key: value for key, value in named.items() if value is not None}, **refused.extra}


def _document(
    status: int,
    title: str,
    detail: str,
    code: str,
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
