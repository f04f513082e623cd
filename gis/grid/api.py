"""The map's cells over HTTP. Who may ask is said where the router is mounted."""

import hashlib
from functools import lru_cache
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from ninja import Router

from gis.grid import queries
from gis.grid.tiers import Tier
from realtime.feed.contract import Actor

router = Router(tags=["cells"])


@router.get("/cells")
def read_cells(request: HttpRequest, tier: Tier = Tier.GRID) -> HttpResponseBase:
    """The centre's cells of one tier as GeoJSON: whole-number ids, `ETag`, 304 when unchanged."""
    actor = cast(Actor, request.actor)  # type: ignore[attr-defined]  # set by authentication, which lies above
    body, etag = _rendered(actor.centre_id, tier, queries.stamp(actor.centre_id, tier))
    response = HttpResponse(body, content_type="application/geo+json", headers={"ETag": etag})
    patch_cache_control(response, private=True, no_cache=True)
    return get_conditional_response(request, etag=etag, response=response) or response


@router.get("/cells/middles")
def read_middles(request: HttpRequest) -> HttpResponseBase:
    """A point in each cell down to the grids, with `bbox` and `counts`: `ETag`, 304 when unchanged."""
    actor = cast(Actor, request.actor)  # type: ignore[attr-defined]  # set by authentication, which lies above
    body, etag = _middles(actor.centre_id, queries.stamp(actor.centre_id, None))
    response = HttpResponse(body, content_type="application/geo+json", headers={"ETag": etag})
    patch_cache_control(response, private=True, no_cache=True)
    return get_conditional_response(request, etag=etag, response=response) or response


@lru_cache(maxsize=16)
def _middles(centre_id: UUID, stamp: str) -> tuple[bytes, str]:
    """Body and ETag, kept in this process until a cell begins or ends (`stamp`)."""
    body = queries.middles_as_geojson(centre_id)
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


@lru_cache(maxsize=32)
def _rendered(centre_id: UUID, tier: Tier, stamp: str) -> tuple[bytes, str]:
    """Body and ETag, kept in this process until a cell begins or ends (`stamp`)."""
    body = queries.as_geojson(centre_id, tier)
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'
