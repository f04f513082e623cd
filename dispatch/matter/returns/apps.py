"""The application of return requests."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Requests of units to give an order back, and the rulings on them."""

    name = "dispatch.matter.returns"
    label = "returns"
