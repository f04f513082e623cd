"""A person is called, and somebody answers: rung by rung, until a person has."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Django app `calls`."""

    name = "dispatch.matter.calls"
    label = "calls"
