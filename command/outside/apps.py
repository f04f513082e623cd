"""By what a call reaches somebody whose page is closed: the centre's SMS gateway, its WeCom (外部通道)."""

from django.apps import AppConfig


class OutsideConfig(AppConfig):
    """Django app `outside`."""

    name = "command.outside"
    label = "outside"
