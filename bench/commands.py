"""The desk's commands over HTTP, one after another, as long as the server takes: accept, dispatch, acknowledge.

Measured from the request's first byte to the answer's last over loopback: the server's part, and a little more.
"""

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any, Final
from uuid import uuid4

from bench.report import Row
from bench.samples import summary

PASSWORD: Final = "relay60-demo"
DESK: Final = "duty1"
LIAISON: Final = "chengguan"
UNIT_CODE: Final = "law_enforcement"
ROUNDS: Final = 150
WARM_UP: Final = 10
TARGET_MS: Final = 50.0
NOTHING: Final[Mapping[str, str]] = {}


class Refused(Exception):
    """The server refused a command of the bench: says which and why."""


class Desk:
    """One signed-in person with one kept-alive connection."""

    def __init__(self, port: int, username: str) -> None:
        """Signs in. Raises Refused."""
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies: dict[str, str] = {}
        self._host = f"127.0.0.1:{port}"
        self.ask("GET", "/api/v1/session", expect=(200, 401))
        self.ask("POST", "/api/v1/session", {"username": username, "password": PASSWORD})

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        version: int | None = None,
        expect: tuple[int, ...] = (200, 201),
    ) -> Any:
        """One request; its JSON. Raises Refused for another status than expected."""
        said = self._exchange(method, path, body, version, expect)
        return json.loads(said) if said else None

    @cached_property
    def reference(self) -> Any:
        """Units and items, asked once."""
        return self.ask("GET", "/api/v1/reference")

    def fetch(self, path: str) -> bytes:
        """A read as a browser asks for it: the answer as it comes over the wire, packed and unread. Raises Refused."""
        return self._exchange("GET", path, None, None, (200,), {"Accept-Encoding": "gzip"})

    def _exchange(
        self,
        method: str,
        path: str,
        body: object,
        version: int | None,
        expect: tuple[int, ...],
        also: Mapping[str, str] = NOTHING,
    ) -> bytes:
        headers = {
            **also,
            "Content-Type": "application/json",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Idempotency-Key": str(uuid4()),
            "X-CSRFToken": self._cookies.get("csrftoken", ""),
            "Origin": f"http://{self._host}",
        }
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        self._line.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self._line.getresponse()
        said = answer.read()
        for name, morsel in SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or [])).items():
            self._cookies[name] = morsel.value
        if answer.status not in expect:
            raise Refused(f"{method} {path}: {answer.status} {said[:500].decode(errors='replace')}")
        return said


def filed(desk: Desk) -> tuple[str, int]:
    """An everyday issue of law enforcement that waits for dispatch: its path, and its version."""
    item = next(
        one["code"]
        for one in desk.reference["catalogue"]
        if one["lead_department"] == UNIT_CODE and not (one["urgent"] or one["sensitive"])
    )
    made = desk.ask("POST", "/api/v1/reports", {"channel": "centre_phone", "item": item, "text": "bench"})
    path = f"/api/v1/issues/{made['object']['id']}"
    accepted = desk.ask("POST", f"{path}/accept", {})
    return path, desk.ask("POST", f"{path}/file", {}, version=accepted["version"])["version"]


def dispatched(desk: Desk, path: str, version: int) -> str:
    """The order to law enforcement that an issue is sent out with, not acknowledged yet: its id."""
    unit = next(one["id"] for one in desk.reference["units"] if one["code"] == UNIT_CODE)
    return str(desk.ask("POST", f"{path}/dispatch", {"unit": unit}, version=version)["card"]["lead"]["order"])


def command_rows(taken: Mapping[str, Sequence[int]], where: str, *, also: str = "") -> list[Row]:
    """The rows of `measure_commands`.

    where   which database it was, for the rows' names
    also    what a note says besides
    """
    rows = []
    for verb in ("accept", "dispatch", "acknowledge", "report"):
        measured = summary(taken[verb])
        name, target = f"command {verb}, p95 {where}", None if verb == "report" else TARGET_MS
        note = f"p50 {measured['p50_ms']:.0f} ms{also}"
        rows.append(Row(name=name, value=measured["p95_ms"], unit="ms", target=target, note=note))
    return rows


def measure_commands(port: int, rounds: int = ROUNDS) -> Mapping[str, list[int]]:
    """Latencies in µs by command, over `rounds` issues that each live from report to acknowledgment."""
    desk, liaison = Desk(port, DESK), Desk(port, LIAISON)
    reference = desk.ask("GET", "/api/v1/reference")
    unit = next(unit["id"] for unit in reference["units"] if unit["code"] == UNIT_CODE)
    item = next(entry["code"] for entry in reference["catalogue"] if not entry["sensitive"])
    taken: dict[str, list[int]] = {"report": [], "accept": [], "file": [], "dispatch": [], "acknowledge": []}

    def timed(name: str, who: Desk, path: str, body: object, version: int | None = None) -> Any:
        began = time.monotonic_ns()
        answer = who.ask("POST", path, body, version=version)
        taken[name].append((time.monotonic_ns() - began) // 1_000)
        return answer

    for number in range(rounds + WARM_UP):
        if number == WARM_UP:
            for samples in taken.values():
                samples.clear()
        report = {"channel": "centre_phone", "item": item, "text": "bench", "address": "bench"}
        issue = timed("report", desk, "/api/v1/reports", report)
        path = f"/api/v1/issues/{issue['object']['id']}"
        accepted = timed("accept", desk, f"{path}/accept", {})
        filed = timed("file", desk, f"{path}/file", {}, accepted["version"])
        dispatched = timed("dispatch", desk, f"{path}/dispatch", {"unit": unit, "reason": "量时"}, filed["version"])
        order = dispatched["card"]["lead"]["order"]
        timed("acknowledge", liaison, f"/api/v1/orders/{order}/acknowledge", {})
    return taken
