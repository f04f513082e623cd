"""The wiring: settings, addresses, duties, seeds. The only place that knows every part."""

from django.apps import AppConfig


class ServerConfig(AppConfig):
    """Django app `server`; it has no rows of its own."""

    name = "server"
    label = "server"
