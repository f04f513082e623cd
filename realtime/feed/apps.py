"""The feed: one gap-free, hash-chained sequence of facts per centre."""

from django.apps import AppConfig


class FeedConfig(AppConfig):
    """Django app `feed`."""

    name = "realtime.feed"
    label = "feed"
