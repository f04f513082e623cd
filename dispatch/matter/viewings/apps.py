"""Records of looking: who opened a photo or a document, or printed a slip, and why that post may."""

from django.apps import AppConfig


class ViewingsConfig(AppConfig):
    """Django app `viewings`."""

    name = "dispatch.matter.viewings"
    label = "viewings"
