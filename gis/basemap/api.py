"""The base map over HTTP. Who may ask is said where the router is mounted."""

import gzip
import hashlib
from functools import lru_cache
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from ninja import Router

from gis.basemap import queries
from realtime.feed.contract import Actor

router = Router(tags=["cells"])


@router.get("/basemap")
def read_basemap(request: HttpRequest) -> HttpResponseBase:
    """Roads and water of the caller's centre as GeoJSON, water first: `ETag`, 304 when unchanged."""
    actor = cast(Actor, request.actor)  # type: ignore[attr-defined]  # set by authentication, which lies above
    packed, etag = _packed(actor.centre_id, queries.stamp(actor.centre_id))
    kind = "application/geo+json"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(packed, content_type=kind, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(packed), content_type=kind)
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Accept-Encoding"])
    return get_conditional_response(request, etag=etag, response=response) or response


@lru_cache(maxsize=16)
def _packed(centre_id: UUID, stamp: str) -> tuple[bytes, str]:
    """The map, compressed once, and its ETag; kept in this process until the map is replaced (`stamp`)."""
    body = queries.as_geojson(centre_id)
    return gzip.compress(body, compresslevel=6, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:32]}"'
