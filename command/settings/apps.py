"""The centre's own settings (⚙ in docs/rules.md), with their history."""

from django.apps import AppConfig


class SettingsConfig(AppConfig):
    """Django app `settings`."""

    name = "command.settings"
    label = "settings"
