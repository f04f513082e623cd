"""The screens' HTML: built by `frontend/`, the same bytes for everyone. What a person may see comes by the API."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One screen's page, never cached: it names the hashed files of the present build. 404 where none was built."""
    file = settings.BASE_DIR / "frontend" / "dist" / f"{name}.html"
    if not file.exists():
        raise Http404(f"frontend/dist/{name}.html is not built: run ./relay up")
    return HttpResponse(file.read_bytes(), headers={"Cache-Control": "no-store"})
