"""What server/asgi.py mounts: the live socket of this process, made from Django's settings when it starts."""

from typing import Any

from django.conf import settings

from realtime.gateway.contract import Authority
from realtime.gateway.daphne_writer import SCOPE_KEY, writer_for
from realtime.gateway.database import conninfo_of
from realtime.gateway.gateway import Gateway, Settings
from realtime.gateway.live import LiveApplication, Scope
from realtime.hub.limits import Limits
from realtime.hub.writer import Writer


def live_application(authority: Authority, limits: Limits | None = None) -> LiveApplication:
    """The ASGI application of `/live`.

    authority   knows access versions and ended sessions; asked once per centre
    limits      the protocol's numbers; those of the settings where not given
    """

    def make() -> Gateway:
        return Gateway(
            authority,
            Settings(
                conninfo=conninfo_of(settings.DATABASES["default"]),
                redis_url=settings.ENV.redis_url,
                signing_key=settings.SECRET_KEY,
                limits=limits or settings.ENV.gateway,
            ),
        )

    return LiveApplication(make, _direct_writer)


def _direct_writer(scope: Scope, limits: Limits) -> Writer | None:
    """Straight to the socket where server/serve.py runs us; None under any other server."""
    protocol: Any = scope.get(SCOPE_KEY)
    return writer_for(protocol, limits) if protocol is not None else None
