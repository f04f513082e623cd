"""The API's document, at `/api/v1/openapi.json`: a file of the release, read once, packed once, served with an ETag.

Built at each call, it cost three seconds of the process that feeds the screens.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from isal import igzip

DOCUMENT: Final[Path] = settings.BASE_DIR / "frontend" / "src" / "api" / "openapi.json"


@dataclass(frozen=True, slots=True)
class _Packed:
    """The document as it goes out: plain, gzipped, and its name."""

    plain: bytes
    gzipped: bytes
    etag: str


def written(document: Mapping[str, Any]) -> str:
    """The document as the file holds it: a line for each change is a line of a diff."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@csrf_exempt  # it writes nothing: another method is told so, not that a token is missing
@require_safe
def read_document(request: HttpRequest) -> HttpResponse:
    """The document; 304 for who has it."""
    packed = _packed()
    headers = {"ETag": packed.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if {packed.etag, "*"} & set(parse_etags(request.headers.get("If-None-Match", ""))):
        return HttpResponseNotModified(headers=headers)
    body = packed.plain
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        body, headers["Content-Encoding"] = packed.gzipped, "gzip"
    return HttpResponse(body, content_type="application/json", headers=headers)


@cache
def _packed() -> _Packed:
    plain = orjson.dumps(orjson.loads(DOCUMENT.read_bytes()))
    return _Packed(plain, igzip.compress(plain, 3, mtime=0), f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"')
