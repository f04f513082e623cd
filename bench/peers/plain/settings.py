"""The product's settings with another address book, two tables more, and Channels' own layer."""

from server.settings import *  # noqa: F403  # a settings module is its names
from server.settings import ENV, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.peers.plain"]
ROOT_URLCONF = "bench.peers.plain.urls"
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [ENV.redis_url], "prefix": "relay60-bench-plain"},
    }
}
