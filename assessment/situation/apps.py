"""The Django app of situation reports."""

from django.apps import AppConfig


class SituationConfig(AppConfig):
    """Situation reports (态势报告): what a place looked like over a period, as files that open anywhere."""

    name = "assessment.situation"
    label = "situation"
