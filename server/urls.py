"""Every address of the product: the API, the screens, health."""

from django.urls import path

from server.api import api
from server.pages import page

SCREENS = ("console", "phone", "wall", "sign-in")

urlpatterns = [
    path("api/v1/", api.urls),
    path("", page, {"name": "sign-in"}),
    *(path(name, page, {"name": name}) for name in SCREENS),
]
