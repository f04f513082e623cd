"""Who is on duty (值班): rosters of units, by week and by date."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    """Django app `duty`."""

    name = "command.duty"
    label = "duty"
