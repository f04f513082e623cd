"""Channels' two Redis layers, set up as its documentation does, with a prefix of the bench's own."""

from typing import Any, Final, TypeAlias

from channels_redis.core import RedisChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

Layer: TypeAlias = RedisChannelLayer | RedisPubSubChannelLayer
GROUP: Final = "screens"
LAYERS: Final = {
    "core": "channels_redis.core.RedisChannelLayer",
    "pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
}


def prefix_of(kind: str) -> str:
    """What the layer's Redis keys begin with."""
    return f"relay60-bench-{kind}"


def layer_settings(kind: str, redis_url: str) -> dict[str, Any]:
    """CHANNEL_LAYERS for the server. Raises KeyError for a kind other than `core` and `pubsub`."""
    return {"default": {"BACKEND": LAYERS[kind], "CONFIG": {"hosts": [redis_url], "prefix": prefix_of(kind)}}}


def sending_layer(kind: str, redis_url: str) -> Layer:
    """The same layer, for the process that sends."""
    if kind == "core":
        return RedisChannelLayer(hosts=[redis_url], prefix=prefix_of(kind))
    return RedisPubSubChannelLayer(hosts=[redis_url], prefix=prefix_of(kind))
