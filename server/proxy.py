"""From whom a request is, where all come through a proxy of ours: else every sign-in would count for one address.

A stranger who mistypes passwords often enough would then keep the whole centre out (people/actions.py, the limits).
"""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse


def from_whom(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: `REMOTE_ADDR` becomes the last entry of `X-Forwarded-For`, which the proxy itself wrote.

    What stands before it the client may have written. Anything that is no address leaves the proxy's own.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        with suppress(ValueError):
            request.META["REMOTE_ADDR"] = str(ip_address(last))
        return answer(request)

    return middleware
