"""Boundaries of a real centre: read from files, judged row by row, taken over with their validity."""

from django.apps import AppConfig


class BoundariesConfig(AppConfig):
    """Django app `boundaries`."""

    name = "gis.boundaries"
    label = "boundaries"
