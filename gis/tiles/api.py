"""Vector tiles over HTTP. Who may ask is said where the router is mounted."""

import gzip
import hashlib
from functools import lru_cache
from time import monotonic
from typing import Final, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from ninja import Router

from gis.grid import queries as grid
from gis.grid.tiers import Tier
from gis.tiles import queries
from realtime.feed.contract import Actor
from realtime.feed.errors import NotFound

KEPT_TILES: Final = 2048  # per process; a tile is some 10 KB compressed
STAMP_HOLDS_S: Final = 1.0  # a map asks for a dozen tiles at once: one look at the cells is enough for them

router = Router(tags=["cells"])


@router.get("/tiles/{tier}/{int:z}/{int:x}/{int:y}.mvt")
def read_tile(request: HttpRequest, tier: Tier, z: int, x: int, y: int) -> HttpResponseBase:
    """One vector tile of a tier's cells: whole-number ids, properties id, code, name, path; `ETag`, 304 when unchanged.

    204 where there is nothing to draw. The layer is called `cells`.
    """
    if z > queries.MAX_ZOOM or x >= 2**z or y >= 2**z:
        raise NotFound("tiles.no_such_tile", "没有这个瓦片。", remedy=f"缩放级别为 0 至 {queries.MAX_ZOOM}。")
    actor = cast(Actor, request.actor)  # type: ignore[attr-defined]  # set by authentication, which lies above
    stamp = _stamp(actor.centre_id, tier, int(monotonic() / STAMP_HOLDS_S))
    packed, etag = _packed(actor.centre_id, tier, z, x, y, stamp)
    response = _response(request, packed)
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Accept-Encoding"])
    return get_conditional_response(request, etag=etag, response=response) or response


def _response(request: HttpRequest, packed: bytes) -> HttpResponse:
    if not packed:
        return HttpResponse(status=204)
    kind = "application/vnd.mapbox-vector-tile"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(packed, content_type=kind, headers={"Content-Encoding": "gzip"})
    return HttpResponse(gzip.decompress(packed), content_type=kind)


@lru_cache(maxsize=256)
def _stamp(centre_id: UUID, tier: Tier, _moment: int) -> str:
    """What tells one state of the cells from the next, looked up again each `STAMP_HOLDS_S`."""
    return grid.stamp(centre_id, tier)


@lru_cache(maxsize=KEPT_TILES)
def _packed(centre_id: UUID, tier: Tier, z: int, x: int, y: int, stamp: str) -> tuple[bytes, str]:
    """A tile, compressed once (b"" when empty), and its ETag; kept in this process until a cell begins or ends."""
    tile = queries.tile(centre_id, tier, z, x, y)
    etag = f'"{hashlib.sha256(tile).hexdigest()[:32]}"'
    return gzip.compress(tile, compresslevel=6, mtime=0) if tile else b"", etag
