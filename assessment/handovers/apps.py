"""The Django app of handovers."""

from django.apps import AppConfig


class HandoversConfig(AppConfig):
    """Handovers of the desk (交班)."""

    name = "assessment.handovers"
    label = "handovers"
