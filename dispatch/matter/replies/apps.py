"""Replies: what reporters are told, and what they say after their report."""

from django.apps import AppConfig


class RepliesConfig(AppConfig):
    """Django app `replies`."""

    name = "dispatch.matter.replies"
    label = "replies"
