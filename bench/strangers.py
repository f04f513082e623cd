"""Every door that is open to who is not signed in, with the dearest that can be put in it and is taken."""

import io
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.db import connection
from PIL import Image

from bench.callers import Request
from server.urls import SCREENS

JSON: Final = {"Content-Type": "application/json"}
WORDS_CHARS: Final = 2_000
# Digits, letters and words of danger, so that whatever looks for numbers, names and emergencies has work.
_DEAR: Final = (
    "请打13812341234找王建国，浙E·12345，a.b@c.cn，0572-2345678转8012，有人打架，路灯不亮，一三九一二三四五六七八。"
)


def words(chars: int = WORDS_CHARS) -> str:
    """The dearest words of that length."""
    return (_DEAR * (chars // len(_DEAR) + 1))[:chars]


@dataclass(slots=True)
class Door:
    """One answer. `aside`: its price is measured, and nothing was promised of it."""

    name: str
    make: Callable[[], Request]
    expect: tuple[int, ...] = (200,)
    heard: Callable[[bytes], object] = field(default=lambda body: None)
    times: int = 0
    aside: bool = False
    note: str = ""


def doors(static: Path) -> Iterator[Door]:
    """All of them. Needs a seeded database. `static`: where the screens' files were collected."""
    grids = itertools.cycle(_grids())
    yield from _pages(next(grids), static)
    yield from _signing_in()
    yield from _screens()
    yield from _resident(grids)
    yield from _refused(next(grids))


def _get(path: str, **headers: str) -> Callable[[], Request]:
    return lambda: Request("GET", path, headers=headers)


def _post(path: str, body: Callable[[], Any], **headers: str) -> Callable[[], Request]:
    return lambda: Request(
        "POST", path, json.dumps(body()).encode(), JSON | {"Idempotency-Key": str(uuid4())} | headers
    )


def _pages(grid: str, static: Path) -> Iterator[Door]:
    for path in ("/", *(f"/{name}" for name in SCREENS), "/township", "/phone-worker.js", f"/r/{grid}", "/r/"):
        yield Door(f"GET {path.replace(grid, '<grid>')}", _get(path))
    files = sorted((file for file in static.rglob("*") if file.is_file()), key=lambda file: file.stat().st_size)
    for file in files[-1:]:
        address = f"/static/{file.relative_to(static)}"
        yield Door("GET the largest file of the screens", _get(address), note=f"{file.stat().st_size / 1024:,.0f} KiB")
    yield Door("GET /healthz", _get("/healthz"), (200, 503))
    yield Door("GET /api/v1/openapi.json", _get("/api/v1/openapi.json"))
    yield Door("GET an address that is none", _get("/nowhere"), (404,))
    yield Door("GET an address of the API that is none", _get("/api/v1/nowhere"), (404,))
    yield Door("GET /static/ of what is not there", _get("/static/none.js"), (404,))
    yield Door("PUT where nothing is put", lambda: Request("PUT", "/api/v1/session", b"{}", JSON), (405,))


def _signing_in() -> Iterator[Door]:
    yield Door("GET /session", _get("/api/v1/session"), (401,))
    wrong = _post("/api/v1/session", lambda: {"username": "duty1", "password": "x" * 1000})
    yield Door("POST /session, a wrong password", wrong, (401, 429), aside=True, note="argon2 is in it")
    yield Door("POST /session, not to be read", lambda: Request("POST", "/api/v1/session", b"{", JSON), (400,))


def _screens() -> Iterator[Door]:
    known: list[dict[str, str]] = []
    offer = _post("/api/v1/devices", dict)
    yield Door("POST /devices", offer, (201,), lambda body: known.append(json.loads(body)))
    yield Door("GET /devices/me", lambda: _own(known), (200,))
    wrong = _get("/api/v1/devices/me", **{"X-Device": f"{uuid4()}:{'x' * 40}"})
    yield Door("GET /devices/me, a wrong secret", wrong, (401,))


def _own(known: list[dict[str, str]]) -> Request:
    return Request("GET", "/api/v1/devices/me", headers={"X-Device": f"{known[-1]['id']}:{known[-1]['secret']}"})


def _resident(grids: Iterator[str]) -> Iterator[Door]:
    codes: list[str] = []
    yield Door("GET /public/grids/<grid>", lambda: Request("GET", f"/api/v1/public/grids/{next(grids)}"))
    yield Door("GET /public/draft-key", _get("/api/v1/public/draft-key"))

    def told() -> dict[str, Any]:
        return {"grid": next(grids), "text": words(), "address": words(200), "name": words(50), "phone": "13812341234",
                "position": {"lon": 120.36, "lat": 30.65, "system": "GCJ02", "accuracy_m": 30}}  # fmt: skip

    def heard(body: bytes) -> None:
        codes.append(json.loads(body)["query_code"])

    yield Door("POST /public/reports, 2,000 characters", _post("/api/v1/public/reports", told), (201,), heard)
    code = itertools.count()

    def asked(**more: Any) -> Callable[[], dict[str, Any]]:
        return lambda: {"query_code": codes[next(code) % len(codes)]} | more

    look_up = _post("/api/v1/public/lookup", asked())
    yield Door("POST /public/lookup", look_up)
    yield Door("POST /public/add, 2,000 characters", _post("/api/v1/public/add", asked(text=words())), (200,))
    yield Door("POST /public/lookup, with what was added", look_up)
    yield Door("POST /public/rate, too early", _post("/api/v1/public/rate", asked(score=5, text=words())), (409,))
    reconsider = _post("/api/v1/public/reconsider", asked(reason=words()))
    yield Door("POST /public/reconsider, not declined", reconsider, (409,))
    yield Door("POST /public/withdraw", _post("/api/v1/public/withdraw", asked(reason=words())), (200, 409))
    nobody = _post("/api/v1/public/lookup", lambda: {"query_code": "ABCD-EFGH-JKLM"})
    yield Door("POST /public/lookup, a code of nobody", nobody, (404,))
    note = "image work in a worker of its own, one at once, niced: not promised"
    yield Door("POST /public/photos, 40 megapixels", _photo(_bomb()), (201,), times=3, aside=True, note=note)
    yield Door("POST /public/photos, 20 MB of no image", _photo(b"x" * 20_900_000), (422,), times=5, aside=True,
               note="receiving 20 MB")  # fmt: skip


def _refused(grid: str) -> Iterator[Door]:
    key = {"Authorization": "Bearer " + "x" * 200}
    yield Door("POST /reports, a bad key", _post("/api/v1/reports", lambda: {"text": words()}, **key), (401,))
    yield Door("GET /reference, a bad key", _get("/api/v1/reference", **key), (401,))
    for path in ("/api/v1/snapshot", "/api/v1/issues", "/api/v1/tiles/grid/12/3419/1688.mvt"):
        yield Door(f"GET {path.removeprefix('/api/v1')}", _get(path), (401, 404))
    session = {"Cookie": "sessionid=" + "s" * 32}
    yield Door("GET /session, a session of nobody", _get("/api/v1/session", **session), (401,))
    yield Door("POST /ticket", _post("/api/v1/ticket", lambda: {"device": str(uuid4())}), (401,))
    big = {"grid": grid, "text": "字" * 170_000}
    yield Door("POST /public/reports, 1 MB", _post("/api/v1/public/reports", lambda: big), (422,))
    many = b'{"grid":"' + grid.encode() + b'","text":"a","photos":[' + b'"x",' * 200_000 + b'"x"]}'
    yield Door(
        "POST /public/reports, 200,000 photos", lambda: Request("POST", "/api/v1/public/reports", many, JSON), (422,)
    )
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield Door(
        "POST /public/reports, 100,000 deep", lambda: Request("POST", "/api/v1/public/reports", deep, JSON), (400, 422)
    )
    keys = json.dumps({f"k{number}": number for number in range(60_000)}).encode()
    yield Door(
        "POST /public/reports, 60,000 fields", lambda: Request("POST", "/api/v1/public/reports", keys, JSON), (422,)
    )
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    pairs = "&".join(f"f{number}=1" for number in range(900)).encode()
    yield Door("POST /public/lookup, a form", lambda: Request("POST", "/api/v1/public/lookup", pairs, form), (400, 422))
    bare = {"Content-Type": "multipart/form-data"}
    yield Door(
        "POST /public/photos, no boundary", lambda: Request("POST", "/api/v1/public/photos", b"--b", bare), (400,)
    )


def _photo(content: bytes) -> Callable[[], Request]:
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + content + b"\r\n--b--\r\n"
    return lambda: Request(
        "POST",
        "/api/v1/public/photos",
        body,
        {"Content-Type": "multipart/form-data; boundary=b", "Idempotency-Key": str(uuid4())},
    )


def _bomb() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (7900, 5000), (9, 9, 9)).save(out, "PNG")
    return out.getvalue()


def _grids() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM grid_cell WHERE tier = 'grid' AND valid_until IS NULL ORDER BY code")
        return [code for (code,) in cursor.fetchall()]
