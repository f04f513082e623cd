"""Listens for wake-ups. They only make the tail look sooner: nothing is lost or late without them.

Redis may be stopped, hung or foreign to the protocol: this task waits and tries again, and touches nothing else.
"""

import asyncio
import logging
from typing import Final
from uuid import UUID

import redis.asyncio as redis

from realtime.feed.wake import CHANNEL
from realtime.gateway.tail import Tail

logger = logging.getLogger(__name__)

CONNECT_S: Final = 3.0
RETRY_S: Final = 1.0


async def listen(url: str, tail: Tail) -> None:
    """Rings the tail for each wake-up, until cancelled."""
    silent = False
    while True:
        client = redis.Redis.from_url(url, socket_connect_timeout=CONNECT_S, socket_keepalive=True)
        subscription = client.pubsub(ignore_subscribe_messages=True)
        try:
            await asyncio.wait_for(subscription.subscribe(CHANNEL), CONNECT_S)
            silent = False
            async for message in subscription.listen():
                ring(tail, message["data"])
        except (redis.RedisError, OSError) as error:
            if not silent:
                logger.warning("no wake-ups from Redis, the tail goes on without: %s", error)
            silent = True
        finally:
            await _discard(subscription, client)
        await asyncio.sleep(RETRY_S)


def ring(tail: Tail, message: bytes) -> None:
    """One wake-up, «centre epoch seq». Anything else is passed over."""
    try:
        centre_id, epoch, seq = message.decode().split(" ")
        tail.wake(UUID(centre_id), int(epoch), int(seq))
    except ValueError:
        logger.warning("not a wake-up: %r", message[:100])


async def _discard(subscription: redis.client.PubSub, client: "redis.Redis") -> None:
    """Closes without waiting for a server that may be hung."""
    try:
        await asyncio.wait_for(subscription.aclose(), 1)  # type: ignore[no-untyped-call]
        await asyncio.wait_for(client.aclose(), 1)
    except (redis.RedisError, OSError):
        logger.debug("Redis did not take the good-bye")
