"""The screens' HTML: built by `frontend/`, the same bytes for everyone. What a person may see comes by the API."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.http import require_safe

_NO_SUCH_PAGE: Final = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>没有这个页面</title>
<h1>没有这个页面</h1>
<p>请核对地址。居民请重新扫描二维码，工作人员请<a href="/">登录</a>。</p>
</html>
"""


@csrf_exempt  # as every address here it writes nothing: another method is told so, not that a token is missing
@require_safe
def phone_worker(request: HttpRequest) -> HttpResponse:
    """The phone's service worker: above `/static/`, since a worker rules only addresses below its own.

    Browsers compare its bytes with what they run. It is never cached, so that an upgrade is seen at once.
    """
    return HttpResponse(
        _collected("phone-worker.js"),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@csrf_exempt
@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One screen's page, never cached: it names the hashed files of the collected build, which are served beside it.

    From the collected set and not from `frontend/dist`: a build beside a running gateway names files it lacks.
    Raises Http404 where nothing was collected.
    """
    return HttpResponse(_collected(f"{name}.html"), headers={"Cache-Control": "no-store"})


def no_such_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What a person sees at an address that is no screen. Plain: it must show where nothing else is served."""
    return HttpResponse(_NO_SUCH_PAGE, status=404, headers={"Cache-Control": "no-store"})


def _collected(name: str) -> bytes:
    file: Path = settings.STATIC_ROOT / name
    if not file.exists():
        raise Http404(f"{name} is not collected: run ./relay up")
    return file.read_bytes()
