"""What issues are about (事项目录): the catalogue of a centre."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Django app `catalogue`."""

    name = "command.catalogue"
    label = "catalogue"
