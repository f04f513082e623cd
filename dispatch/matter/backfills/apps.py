"""Backfills: what happened on paper while the system was away, entered later with both times."""

from django.apps import AppConfig


class BackfillsConfig(AppConfig):
    """Django app `backfills`."""

    name = "dispatch.matter.backfills"
    label = "backfills"
