"""Relays: who holds an issue, from receipt to its end, without a gap."""

from django.apps import AppConfig


class RelaysConfig(AppConfig):
    """Django app `relays`."""

    name = "dispatch.matter.custody"
    label = "relays"
