"""Messages within a matter: what desk, units and places write to one another about it, and never about persons."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Django app `messages`; `matter_messages`, because Django has a `messages` of its own."""

    name = "dispatch.matter.messages"
    label = "matter_messages"
