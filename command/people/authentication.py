"""Who asks: a session with CSRF, a paired screen (`X-Device`), another system (`Authorization: Bearer`).

Each sets `request.actor`. Below this line only actors are known, never sessions, headers or keys.
"""

import hashlib
from typing import Final, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, APIKeyHeader, HttpBearer
from ninja.utils import check_csrf

from command.access import SignedIn
from command.people import queries, sessions
from command.people.machines import AnyActor, ApiActor, DeviceActor
from realtime.feed.contract import Command
from realtime.feed.errors import Forbidden, Unauthenticated

A = TypeVar("A", SignedIn, DeviceActor, ApiActor)

SESSION_KEY: Final = "sign_in"  # where the session holds the id of its sign-in


class PersonSession(APIKeyCookie):
    """A person by the session's cookie. What changes something also carries the CSRF token."""

    param_name: str = settings.SESSION_COOKIE_NAME

    def __init__(self, *, with_first_password: bool = False) -> None:
        """with_first_password  lets in who still has to change a first password: to do just that"""
        super().__init__(csrf=False)  # checked below, only for requests that come with a session
        self._with_first_password = with_first_password

    def authenticate(self, request: HttpRequest, key: str | None) -> SignedIn | None:
        """The actor, or None. Raises Forbidden for a session without the token.

        A phone sends what one person did hours ago, and says whose it is (`X-Person`): the browser's session may
        have become another's in the same instant, and one person's act is never taken for another's.
        """
        if _shows_other(request):
            return None  # who shows a device's secret or a system's key is that or nobody, whoever has signed in here
        sign_in_id = sign_in_of(request) if key else None
        if sign_in_id is None:
            return None
        actor = queries.signed_in(sign_in_id)
        if actor is None or request.headers.get("X-Person", str(actor.person_id)) != str(actor.person_id):
            return None
        if check_csrf(request) is not None:
            raise Forbidden("csrf.failed", "缺少或不符的 CSRF 令牌。", remedy="请刷新页面后重试。")
        if actor.must_change_password and not self._with_first_password:
            raise Forbidden("password.must_change", "请先修改初始密码。", remedy="在登录页修改密码后继续。")
        if actor.use_is_due and sessions.is_use(str(request.method), request.path):
            actor = sessions.use(actor)
            request.session.modified = True  # the cookie goes on with it
        return _let_through(request, actor)


class DeviceSecret(APIKeyHeader):
    """A paired screen by `X-Device: <id>:<secret>`."""

    param_name: str = "X-Device"

    def authenticate(self, request: HttpRequest, key: str | None) -> DeviceActor | None:
        """The actor, or None. Raises Unauthenticated for a screen that was revoked: it is told so, and only it."""
        device_id, secret = split_device(key)
        actor = queries.device_of(device_id, secret) if device_id else None
        if actor is None and device_id and queries.was_revoked(device_id, secret):
            raise Unauthenticated(
                "device.access_revoked", "本屏已被撤销。", remedy="需要继续使用的，请值班长重新配对。"
            )
        return _let_through(request, actor) if actor else None


class ApiKey(HttpBearer):
    """Another system by `Authorization: Bearer <key>`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiActor | None:
        """The actor, or None."""
        actor = queries.api_client_of(token)
        return _let_through(request, actor) if actor else None


# Headers first: who sends one means it, whatever cookies the browser adds.
BY_PERSON: Final = [PersonSession()]
BY_PERSON_WITH_FIRST_PASSWORD: Final = [PersonSession(with_first_password=True)]
BY_PERSON_OR_DEVICE: Final = [DeviceSecret(), PersonSession()]
BY_PERSON_OR_SYSTEM: Final = [ApiKey(), PersonSession()]
BY_ANYBODY: Final = [ApiKey(), DeviceSecret(), PersonSession()]


def sign_in_of(request: HttpRequest) -> UUID | None:
    """The sign-in that the browser's session names, ended or not; None: nobody has signed in here."""
    named = request.session.get(SESSION_KEY)
    return UUID(named) if named else None


def actor_of(request: HttpRequest) -> AnyActor:
    """The actor that authentication has set. Raises Unauthenticated where an address asked for none."""
    actor = getattr(request, "actor", None)
    if isinstance(actor, SignedIn | ApiActor | DeviceActor):
        return actor
    raise Unauthenticated("session.none", "请先登录。")


def person_of(request: HttpRequest) -> SignedIn:
    """The signed-in person. Raises Unauthenticated for anybody else."""
    actor = actor_of(request)
    if isinstance(actor, SignedIn):
        return actor
    raise Unauthenticated("session.none", "请先登录。")


def command_of(request: HttpRequest, *, key: str | None = None) -> Command:
    """The command that a request is: its actor, its `Idempotency-Key` and the digest of method, path and body.

    key  stands in where the header is not asked for; a missing header is refused by the action itself
    """
    asked = b"\0".join((str(request.method).encode(), request.path.encode(), request.body))
    return Command(actor_of(request), key or request.headers.get("Idempotency-Key", ""), hashlib.sha256(asked).digest())


def split_device(header: str | None) -> tuple[UUID | None, str]:
    """Id and secret of an `X-Device` header; (None, "") for anything else."""
    device_id, _, secret = (header or "").partition(":")
    try:
        return UUID(device_id), secret
    except ValueError:
        return None, ""


def _shows_other(request: HttpRequest) -> bool:
    """Whether the request shows a screen's secret or a system's key; other schemes are a proxy's own affair."""
    return "X-Device" in request.headers or request.headers.get("Authorization", "").lower().startswith("bearer ")


def _let_through(request: HttpRequest, actor: A) -> A:
    request.actor = actor  # type: ignore[attr-defined]
    return actor
