"""Invented reports sent to a running centre through its doors, so that screens live: systems, a grid member, residents.

Nobody accepts them but people. What is sent is drawn from the catalogue's keywords; places are micro-grids.
"""

import http.client
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from command.catalogue.contract import Item
from demo.seed.messages import channel_for, message, reporter

TIMEOUT_S: Final = 10.0
CHANNELS: Final = {"hotline_12345": 6, "police_source": 3, "petition_source": 1, "department_referral": 1}
DOORS: Final = {"system": 70, "grid member": 18, "QR page": 12}


@dataclass(frozen=True, slots=True)
class Spot:
    """Somewhere a report may come from: the code of its grid, and a point (lon, lat) in it."""

    grid: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one report: by which door, and 201 or the code of the refusal."""

    door: str
    said: str


class Door:
    """One way in over HTTP, on a connection of its own that is opened again when it broke."""

    def __init__(self, base_url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"a base URL looks like http://127.0.0.1:8060, not {base_url}")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._line = kind(parts.hostname, parts.port, timeout=TIMEOUT_S)
        self._headers = {"Content-Type": "application/json", "Origin": base_url.rstrip("/"), **headers}
        self._cookies: dict[str, str] = {}

    def sign_in(self, username: str, password: str) -> str:
        """Opens a session. What was said: `201`, `200` or the code of the refusal."""
        self.ask("GET", "/session")
        return self.ask("POST", "/session", {"username": username, "password": password})

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> str:
        """One request. The status when it was done, the problem's code when it was refused, or what broke."""
        headers = self._headers | {
            "Idempotency-Key": str(uuid4()),
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "X-CSRFToken": self._cookies.get("csrftoken", ""),
        }
        sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            self._line.request(method, f"/api/v1{path}", sent, headers)
            answer = self._line.getresponse()
            said = answer.read()
        except (http.client.HTTPException, OSError) as error:
            self._line.close()
            return type(error).__name__
        for name, morsel in SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or [])).items():
            self._cookies[name] = morsel.value
        if answer.status < http.client.BAD_REQUEST:
            return str(answer.status)
        try:
            return str(json.loads(said)["code"])
        except (ValueError, KeyError, TypeError):
            return f"http.{answer.status}"


@dataclass(slots=True)
class Traffic:
    """Draws a report and the door that it comes by, and sends it."""

    items: Sequence[Item]
    spots: Sequence[Spot]
    own_spots: Sequence[Spot]  # of the grid member
    system: Door
    member: Door
    resident: Door
    choose: random.Random = field(default_factory=random.Random)

    def send(self) -> Sent:
        """Sends one report."""
        door = self.choose.choices(list(DOORS), list(DOORS.values()))[0]
        item = self.choose.choice(self.items)
        if door == "grid member" and self.own_spots:
            return Sent(door, self.member.ask("POST", "/reports", self._report(item, "grid_report", self.own_spots)))
        if door == "QR page":
            return Sent(door, self.resident.ask("POST", "/public/reports", self._told_on_page(item)))
        channel = self.choose.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        return Sent("system", self.system.ask("POST", "/reports", self._report(item, channel, self.spots)))

    def _report(self, item: Item, channel: str, spots: Sequence[Spot]) -> dict[str, Any]:
        name, phone = reporter(self.choose)
        text = message(item, self.choose)
        return {
            "channel": channel_for(item, text, channel),
            "item": item.code,
            "text": text,
            "position": self._position(self.choose.choice(spots)),
        } | ({} if channel == "grid_report" else {"reporter": {"name": name, "phone": phone}})

    def _told_on_page(self, item: Item) -> dict[str, Any]:
        spot = self.choose.choice(self.spots)
        text = message(item, self.choose)
        return {"grid": spot.grid, "item": item.code, "text": text, "position": self._position(spot)}

    def _position(self, spot: Spot) -> dict[str, Any]:
        return {"lon": spot.lon, "lat": spot.lat, "system": "CGCS2000", "accuracy_m": self.choose.choice((5, 10, 20))}
