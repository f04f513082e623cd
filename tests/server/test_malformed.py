"""Whatever is sent to whatever address, signed in or not, is answered in our form, and never by a fault of ours."""

import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import pytest
from django.test import Client

from server.document import DOCUMENT
from server.urls import SCREENS
from tests.dispatch.browser import signed_in
from tests.dispatch.desk import Desk, make_desk

BOUNDARY: Final = "b"
FORM: Final = f"multipart/form-data; boundary={BOUNDARY}"
JPEG: Final = b"\xff\xd8\xff\xe0" + bytes(64)


def part(disposition: str, content: bytes = JPEG, more: str = "") -> bytes:
    """A form of one part."""
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n{more}\r\n".encode("utf-8", "surrogateescape")
    return head + content + f"\r\n--{BOUNDARY}--\r\n".encode()


# Content type and body.
BODIES: Final[dict[str, tuple[str, bytes]]] = {
    "a form without a boundary": ("multipart/form-data", b"--b\r\n"),
    "an empty boundary": ("multipart/form-data; boundary=", b"--b\r\n"),
    "a boundary of 300": ("multipart/form-data; boundary=" + "b" * 300, b"--b\r\n"),
    "a boundary with NUL": ("multipart/form-data; boundary=\x00", b"--b\r\n"),
    "a boundary of Chinese": ("multipart/form-data; boundary=界", b"--b\r\n"),
    "a form that says nothing": (FORM, b""),
    "a form that is none": (FORM, b"\xff" * 100),
    "a form without an end": (FORM, part('form-data; name="file"; filename="a.jpg"')[:-8]),
    "a file name of 3,000": (FORM, part(f'form-data; name="file"; filename="{"x" * 3000}.jpg"')),
    "a file name of 3,000 Chinese": (FORM, part(f'form-data; name="file"; filename="{"图" * 3000}.jpg"')),
    "a file name of dots": (FORM, part('form-data; name="file"; filename="../.."')),
    "a file name with NUL": (FORM, part('form-data; name="file"; filename="a\x00b.jpg"')),
    "a file name of nothing": (FORM, part('form-data; name="file"; filename=""')),
    "a coded file name that is none": (FORM, part("form-data; name=file; filename*=UTF-8''%ff%fe%00")),
    "a file name in no known code": (FORM, part("form-data; name=file; filename*=klingon''%41")),
    "a part without a name": (FORM, part("form-data")),
    "a part without a disposition": (FORM, b"--b\r\n\r\nx\r\n--b--\r\n"),
    "a field of 3,000 names": (FORM, part(f'form-data; name="{"n" * 3000}"')),
    "a field that is a file elsewhere": (FORM, part('form-data; name="file"', b"words")),
    "a transfer code that is none": (
        FORM,
        part('form-data; name="file"; filename="a.jpg"', b"!!!", "Content-Transfer-Encoding: base64\r\n"),
    ),
    "a content type of Chinese": (FORM, part('form-data; name="file"; filename="a"', b"x", "Content-Type: 图/片\r\n")),
    "a charset that is none": ("application/x-www-form-urlencoded; charset=klingon", b"a=%ff"),
    "a charset of a form that is none": (FORM + "; charset=klingon", part('form-data; name="a"', b"x")),
    "a JSON charset that is none": ("application/json; charset=klingon", b"{}"),
    "2,000 fields": ("application/x-www-form-urlencoded", "&".join(f"f{n}=1" for n in range(2000)).encode()),
    "a form of fields": ("application/x-www-form-urlencoded", b"%ff=%00&=&&;"),
    "no content type": ("", b"{}"),
    "a content type that is none": ("///;;;=", b"{}"),
    "60,000 parts": ("application/json", json.dumps({f"k{number}": number for number in range(60_000)}).encode()),
    "no JSON": ("application/json", b"{"),
    "no UTF-8": ("application/json", b"\xff\xfe\x00"),
    "NUL in JSON": ("application/json", b'{"text":"\\u0000"}'),
    "half a character": ("application/json", b'{"text":"\\ud800"}'),
    "deep JSON": ("application/json", b"[" * 100_000),
    "deep objects": ("application/json", b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    "a number of 5,000 digits": ("application/json", b'{"text":' + b"9" * 5000 + b"}"),
    "not a number": ("application/json", b'{"text":NaN,"item":Infinity,"grid":-1e999}'),
    "null": ("application/json", b"null"),
    "a list": ("application/json", b"[]"),
    "a word": ("application/json", b'"x"'),
    "twice the same key": ("application/json", b'{"text":"a","text":1}'),
    "wrong types": ("application/json", b'{"text":{},"grid":[],"photos":{"a":1},"reason":7,"username":[],"file":"x"}'),
    "2 MB": ("application/json", b'{"text":"' + b"x" * 2_000_000 + b'"}'),
    "brotli that is none": ("application/json", b"\x1b\x00"),
}

HEADERS: Final[dict[str, dict[str, str]]] = {
    "a key of bytes": {"Idempotency-Key": "\xff\x00\x01"},
    "a key of Chinese": {"Idempotency-Key": "键" * 100},
    "a key of 10,000": {"Idempotency-Key": "k" * 10_000},
    "a version that is none": {"If-Match": '"999999999999999999999999"'},
    "a version of bytes": {"If-Match": "\xff"},
    "a weak version": {"If-Match": 'W/"-1"'},
    "a bearer of nothing": {"Authorization": "Bearer "},
    "a bearer of bytes": {"Authorization": "Bearer \xff\xfe\x00"},
    "another scheme": {"Authorization": "Basic !!!"},
    "a device that is none": {"X-Device": "::::"},
    "a device of bytes": {"X-Device": "00000000-0000-0000-0000-000000000000:\xff\x00"},
    "a person that is none": {"X-Person": "\xff"},
    "a host that is none": {"Host": "a b\x00"},
    "a forwarded one": {"X-Forwarded-For": "\xff,,::::"},
    "a cookie that is none": {"Cookie": 'sessionid="\\777\xff; csrftoken=\x00'},
    "a cookie of 20,000": {"Cookie": "sessionid=" + "s" * 20_000},
    "a session that is none": {"Cookie": "sessionid=" + "s" * 32},
    "languages": {"Accept-Language": "zh;q=abc,,;;" * 200, "Accept-Encoding": "gzip;q=x", "Accept": "\xff"},
    "a tag that is none": {"If-None-Match": "W/W/\xff", "If-Modified-Since": "yesterday", "Range": "bytes=9-1"},
}
QUERIES: Final = (
    "%00=%00",
    "a=%ff%fe",
    "limit=x&cursor=%00&q=%ed%a0%80",
    "&&&===",
    "=" * 3000,
    "&".join(f"a{n}=1" for n in range(2000)),
    "place=../..&size=huge&q=" + "%E5%9B%BE" * 500,
    "limit=99999999999999999999",
    "since=9999-99-99&unit=x&state=",
)
PAGES: Final = (
    "/", *(f"/{name}" for name in SCREENS), "/township", "/phone-worker.js", "/r", "/r/", "/r/330199001001001",
    "/r/%ff%00", "/static/", "/static/%00", "/static/%2e%2e/settings.py", "/static/" + "x" * 3000, "/api/", "/api/v1/",
    "/api/v1", "/api/v1/%ff", "/healthz", "/%00", "/" + "%E5%9B%BE" * 1000, "/api/v1/objects/%00/x",
    "/api/v1/openapi.json",
)  # fmt: skip
NAMES: Final = ("x", "%00", "%ff", "..%2f..", "9" * 400, str(UUID(int=0)), "%F0%9F%9A%92")


SHARE: Final = 5  # somebody signed in sends one in so many of all pairs: each body to some address, each address some


def addresses() -> Iterator[tuple[str, str]]:
    """Method and address of everything in the document, with an id that nothing has."""
    for path, operations in json.loads(DOCUMENT.read_text())["paths"].items():
        for method in operations:
            yield method.upper(), path


def filled(path: str, name: str) -> str:
    """The address with every place in it filled."""
    return "/".join(name if step.startswith("{") else step for step in path.split("/")).replace("{kind}", name)


def faults(client: Client, asked: Iterator[tuple[str, str, dict[str, Any]]]) -> list[str]:
    """What was answered with a fault of ours, or refused in another form."""
    wrong = []
    for what, method_and_path, more in asked:
        method, path = method_and_path.split(" ", 1)
        answer = client.generic(method, path, **more)
        kind = answer.get("Content-Type", "").partition(";")[0]
        status = answer.status_code
        form = status < 400 or kind == "application/problem+json" or not path.startswith("/api/")
        if status >= 500 or not form:
            wrong.append(f"{method} {path[:80]} with {what}: {status} {kind} {_code(answer)}")
    return wrong


def _code(answer: Any) -> str:
    try:
        return str(json.loads(answer.content)["code"])
    except (ValueError, KeyError, TypeError):
        return repr(answer.content[:80])


@pytest.fixture
def desk() -> Desk:
    """A centre at work."""
    return make_desk()


def people_of(signed: str) -> Client:
    """Somebody's client, or a stranger's; a fault of ours is answered, not raised.

    Who is signed in shows the token that a browser shows: Django looks for one in the body before.
    """
    client = signed_in(signed).client if signed else Client()
    client.raise_request_exception = False
    if signed:
        client.handler.enforce_csrf_checks = True
        client.defaults["HTTP_X_CSRFTOKEN"] = client.cookies["csrftoken"].value
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("signed", ["", pytest.param("duty1", marks=pytest.mark.slow), "admin"])
def test_no_body_ends_in_a_fault_of_ours(desk: Desk, signed: str) -> None:
    def asked() -> Iterator[tuple[str, str, dict[str, Any]]]:
        for number, (method, path) in enumerate(addresses()):
            if method == "GET" or (path.endswith("/session") and method == "DELETE"):
                continue
            for other, (what, (kind, body)) in enumerate(BODIES.items()):
                if signed and (number + other) % SHARE:
                    continue
                headers = {"Idempotency-Key": f"{what}{path}"[:200], "If-Match": '"1"'}
                yield what, f"{method} {filled(path, str(UUID(int=7)))}", {
                    "data": body, "content_type": kind, "headers": headers,
                }  # fmt: skip
        for path in PAGES:
            for what, (kind, body) in BODIES.items():
                yield what, f"POST {path}", {"data": body, "content_type": kind}

    found = faults(people_of(signed), asked())
    assert found == [], "\n".join(found)


@pytest.mark.django_db(transaction=True)  # a snapshot begins a transaction of its own
@pytest.mark.parametrize("signed", ["", pytest.param("duty1", marks=pytest.mark.slow)])
def test_no_header_query_or_address_ends_in_a_fault_of_ours(desk: Desk, signed: str) -> None:
    def asked() -> Iterator[tuple[str, str, dict[str, Any]]]:
        for number, (method, path) in enumerate(addresses()):
            if (path.endswith("/session") and method == "DELETE") or (signed and number % SHARE):
                continue
            address = filled(path, str(UUID(int=7)))
            json_body: dict[str, Any] = {"data": b"{}", "content_type": "application/json"}
            for what, headers in HEADERS.items():
                if signed and "Cookie" in headers:
                    continue
                yield what, f"{method} {address}", json_body | {"headers": headers}
            for query in QUERIES:
                yield query[:40], f"{method} {address}?{query}", json_body
            for name in NAMES if "{" in path else ():
                yield name[:40], f"{method} {filled(path, name)}", json_body
        for path in PAGES:
            for what, headers in HEADERS.items():
                yield what, f"GET {path}", {"headers": headers}
            for query in QUERIES:
                yield query[:40], f"GET {path}?{query}", {}
            for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "QUERY"):
                yield method, f"{method} {path}", {}

    found = faults(people_of(signed), asked())
    assert found == [], "\n".join(found)
