"""Clocks: what may take how long, and what happens when it took longer."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Django app `clocks`."""

    name = "dispatch.matter.clocks"
    label = "clocks"
