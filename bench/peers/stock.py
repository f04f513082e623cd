"""A stock Channels application: one consumer, one group, `group_send`; what Relay60 would be without a hub of its own.

Runs under Daphne with settings of its own: `daphne … bench.peers.stock:application`. BENCH_LAYER is `core`
(channels_redis' default) or `pubsub`.
"""

import os

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from bench.peers.layers import GROUP, layer_settings


class Stock(AsyncWebsocketConsumer):
    """One screen: joins the group, sends on what the group is sent."""

    groups = [GROUP]  # noqa: RUF012  # as Channels declares it

    async def fact(self, event: dict[str, str]) -> None:
        """One message of the group."""
        await self.send(text_data=event["text"])  # type: ignore[no-untyped-call]


settings.configure(
    SECRET_KEY="bench",
    CHANNEL_LAYERS=layer_settings(os.environ["BENCH_LAYER"], os.environ["RELAY_REDIS_URL"]),
)
application = Stock.as_asgi()  # type: ignore[no-untyped-call]
