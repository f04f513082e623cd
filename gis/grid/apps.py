"""The tree of places: cells, where a point lies among them, and how a demonstration's cells are made."""

from django.apps import AppConfig


class GridConfig(AppConfig):
    """Django app `grid`."""

    name = "gis.grid"
    label = "grid"
