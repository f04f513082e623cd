"""Lists that were taken in, and which rows became what."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """Django app `lists`."""

    name = "command.lists"
    label = "lists"
