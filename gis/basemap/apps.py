"""What the map shows below the cells: roads and water, where no other map may be fetched."""

from django.apps import AppConfig


class BasemapConfig(AppConfig):
    """Django app `basemap`."""

    name = "gis.basemap"
    label = "basemap"
