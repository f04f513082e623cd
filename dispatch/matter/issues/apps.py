"""The issue: the aggregate that orders, reports and clocks belong to, and its law."""

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    """Django app `issues`."""

    name = "dispatch.matter.issues"
    label = "issues"
