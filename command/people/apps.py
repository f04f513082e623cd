"""People, posts, devices and API clients: who may do and see what."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Django app `people`."""

    name = "command.people"
    label = "people"
