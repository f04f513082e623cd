"""Photos: taken in, re-encoded, sealed, shown to those concerned."""

from django.apps import AppConfig


class PhotosConfig(AppConfig):
    """Django app `photos`."""

    name = "dispatch.matter.photos"
    label = "photos"
