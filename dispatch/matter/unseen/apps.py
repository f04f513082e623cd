"""What others have changed about an issue since somebody looked at it last."""

from django.apps import AppConfig


class UnseenConfig(AppConfig):
    """Django app `unseen`."""

    name = "dispatch.matter.unseen"
    label = "unseen"
