"""Typed refusals. Each has a stable `noun.reason` code and an HTTP status; the API renders them as RFC 9457.

`detail` and `remedy` are Chinese, for people; `code` is for programs, declared in server/refusals/. Pure.
"""

from collections.abc import Mapping
from typing import ClassVar

from realtime.feed.codes import RefusalCode
from realtime.feed.contract import Answer, Json


class Replayed(Exception):
    """The key was used before with the same body: carries the first answer, which is to be given again."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__("replayed")


class Refused(Exception):
    """A command that can't be done. Rolls the transaction back, the idempotency key with it."""

    status: ClassVar[int] = 409
    title: ClassVar[str] = "操作被拒绝"

    def __init__(
        self,
        code: RefusalCode,
        detail: str,
        *,
        field: str | None = None,
        rule: str | None = None,
        remedy: str | None = None,
        extra: Mapping[str, Json] | None = None,
    ) -> None:
        """`rule` names the article of docs/rules.md; `extra` goes into the problem document (state, verb, open)."""
        self.code: RefusalCode = code
        self.detail = detail
        self.field, self.rule, self.remedy = field, rule, remedy
        self.extra: Mapping[str, Json] = extra or {}
        super().__init__(f"{code}: {detail}")


class Invalid(Refused):
    """The request's content breaks a rule: names field, rule and remedy."""

    status = 422
    title = "内容有误"


class KeyReused(Refused):
    """The idempotency key was used before with another body."""

    status = 422
    title = "幂等键重复使用"


class Unauthenticated(Refused):
    """Nobody known asks."""

    status = 401
    title = "未登录"


class Forbidden(Refused):
    """The actor may see the object, but not do this to it."""

    status = 403
    title = "没有权限"


class NotFound(Refused):
    """No such object in the actor's scope: what is foreign does not exist."""

    status = 404
    title = "未找到"


class Conflict(Refused):
    """The object's state does not allow the verb: says what is open."""

    status = 409
    title = "当前状态不允许此操作"


class StaleVersion(Refused):
    """The object has changed since the version that the actor saw."""

    status = 412
    title = "内容已被更新"


class VersionRequired(Refused):
    """The edit did not say which version it was made on."""

    status = 428
    title = "缺少版本号"


class Busy(Refused):
    """A lock was not had in time; nothing was changed, the same key may be sent again."""

    status = 503
    title = "系统繁忙"


class NoRoom(Busy):
    """A disk is full; nothing was changed, the same key may be sent again when there is room."""

    title = "磁盘已满"
