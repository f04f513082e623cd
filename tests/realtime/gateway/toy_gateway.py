"""A real gateway process over the real feed, with an authority of no domain.

What it knows of rights when it starts comes from the variable TOY_ACCESS: {"versions": {…}, "ended": […]}.
"""

import argparse
import json
import os
from typing import Any
from uuid import UUID

import daphne.server  # noqa: F401  # first: it installs Twisted's asyncio reactor
import django
from channels.routing import ProtocolTypeRouter
from psycopg import AsyncConnection

django.setup()

from realtime.gateway.asgi import live_application  # noqa: E402
from realtime.gateway.contract import AccessState  # noqa: E402
from server.relay_server import RelayServer, endpoint, prepare_process  # noqa: E402
from server.settings import ENV  # noqa: E402


class ToyAuthority:
    """Answers what the test has said."""

    async def load_access(self, connection: AsyncConnection[tuple[Any, ...]], centre_id: UUID) -> AccessState:
        """The same for every centre."""
        said = json.loads(os.environ.get("TOY_ACCESS", '{"versions": {}, "ended": []}'))
        return AccessState(said["versions"], frozenset(UUID(text) for text in said["ended"]))


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    """HTTP of no domain."""
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


live = live_application(ToyAuthority())
application = ProtocolTypeRouter({"http": live.with_health(nothing), "websocket": live})


def main() -> None:
    """Serves until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    asked = parser.parse_args()
    server = RelayServer(
        application, live, ENV.gateway, [endpoint("127.0.0.1", asked.port, asked.tls_cert, asked.tls_key)]
    )
    prepare_process()
    server.run()


if __name__ == "__main__":
    main()
