"""How reports reach a centre (渠道)."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Django app `channels` of Django Channels has that label already: ours is `report_channels`."""

    name = "command.channels"
    label = "report_channels"
