"""Intake: reports from every channel, checked, placed and numbered."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Django app `intake`."""

    name = "dispatch.matter.reports"
    label = "intake"
