"""The screens' HTML: built by `frontend/`, the same bytes for everyone. What a person may see comes by the API."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe


@require_safe
def phone_worker(request: HttpRequest) -> HttpResponse:
    """The phone's service worker: above `/static/`, since a worker rules only addresses below its own.

    Browsers compare its bytes with what they run; asked anew each time, so that an upgrade is seen at once.
    """
    return HttpResponse(
        _collected("phone-worker.js"),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One screen's page, never cached: it names the hashed files of the collected build, which are served beside it.

    From the collected set and not from `frontend/dist`: a build beside a running gateway names files it lacks.
    Raises Http404 where nothing was collected.
    """
    return HttpResponse(_collected(f"{name}.html"), headers={"Cache-Control": "no-store"})


def _collected(name: str) -> bytes:
    file: Path = settings.STATIC_ROOT / name
    if not file.exists():
        raise Http404(f"{name} is not collected: run ./relay up")
    return file.read_bytes()
