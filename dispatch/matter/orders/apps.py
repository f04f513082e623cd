"""Orders: what a unit is asked to do about an issue."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Django app `orders`."""

    name = "dispatch.matter.orders"
    label = "orders"
