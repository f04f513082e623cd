"""The screens' HTML: built by `frontend/`, the same bytes for everyone. What a person may see comes by the API."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One screen's page, never cached: it names the hashed files of the collected build, which are served beside it.

    From the collected set and not from `frontend/dist`: a build beside a running gateway names files it lacks.
    Raises Http404 where nothing was collected.
    """
    file = settings.STATIC_ROOT / f"{name}.html"
    if not file.exists():
        raise Http404(f"{name}.html is not collected: run ./relay up")
    return HttpResponse(file.read_bytes(), headers={"Cache-Control": "no-store"})
