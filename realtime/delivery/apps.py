"""The app of device cursors and receipts."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Django app `delivery`."""

    name = "realtime.delivery"
    label = "delivery"
