"""The centre and its units: the bodies that orders are sent to."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Django app `organisations`."""

    name = "command.units"
    label = "organisations"
