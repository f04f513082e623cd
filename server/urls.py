"""Every address of the product: the API, the screens, health."""

from django.urls import path, re_path

from server.api import api
from server.document import read_document
from server.pages import no_such_page, page, phone_worker
from server.problems import no_such_address

SCREENS = ("console", "admin", "phone", "wall", "leader", "sign-in")
RESIDENT = (
    r"^r(?:/(?:[0-9A-Za-z_-]{1,64}(?:/poster)?)?)?$"  # /r/ looks up, /r/<grid code> reports, its poster is printed
)

handler404 = no_such_page
urlpatterns = [
    path("api/v1/openapi.json", read_document),
    path("api/v1/", api.urls),
    re_path("^api/", no_such_address),  # programs get a problem document, never a page
    path("", page, {"name": "sign-in"}),
    path("phone-worker.js", phone_worker),
    *(path(name, page, {"name": name}) for name in SCREENS),
    path("township", page, {"name": "console"}),  # the console, narrowed by rights to its place
    re_path(RESIDENT, page, {"name": "resident"}),
]
