"""People of the demonstration district, as they reach the product: by HTTP only, each with a session of their own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import httpx
from shapely.geometry import shape

PASSWORD: Final = "relay60-demo"
TIMEOUT_S: Final = 30.0
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the product said to one request."""

    status: int
    body: Any
    version: int | None = None  # from ETag

    @property
    def ok(self) -> bool:
        """Whether it did or gave what was asked."""
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """The stable code of a refusal; empty otherwise."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) and not self.ok else ""

    @property
    def id(self) -> str:
        """The id of the object that a command was answered with."""
        return str(self.body["object"]["id"])

    @property
    def card(self) -> dict[str, Any]:
        """The card that a command was answered with."""
        card: dict[str, Any] = self.body["card"]
        return card

    def must(self) -> "Reply":
        """This reply, if the product did what was asked. Raises AssertionError with its words."""
        assert self.ok, f"{self.status}: {json.dumps(self.body, ensure_ascii=False)}"
        return self


def reply_of(response: httpx.Response) -> Reply:
    """A response as a reply; a body that is no JSON is kept as text."""
    try:
        body = response.json() if response.content else None
    except ValueError:
        body = response.text
    tag = response.headers.get("ETag", "").strip('W/"')
    return Reply(response.status_code, body, int(tag) if tag.isdigit() else None)


class Caller:
    """Speaks HTTP with one gateway. Knows nothing that is not in an answer."""

    def __init__(self, base_url: str, headers: Mapping[str, str] | None = None) -> None:
        """headers   what every request carries (`X-Device`, `Authorization`)"""
        self.base_url = base_url
        self._client = httpx.Client(base_url=base_url, timeout=TIMEOUT_S, trust_env=False, headers=dict(headers or {}))

    def get(self, path: str) -> Reply:
        """GET /api/v1<path>."""
        return reply_of(self._client.get(f"/api/v1{path}"))

    def send(
        self, method: str, path: str, body: Body | None = None, *, key: str | None = None, version: int | None = None
    ) -> Reply:
        """One command, with a key of its own unless `key` repeats an earlier one."""
        headers = {
            "Idempotency-Key": key or str(uuid4()),
            "X-CSRFToken": self._client.cookies.get("csrftoken") or "",
        }
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return reply_of(self._client.request(method, f"/api/v1{path}", json=body, headers=headers))

    def post(self, path: str, body: Body | None = None, *, key: str | None = None, version: int | None = None) -> Reply:
        """POST /api/v1<path>."""
        return self.send("POST", path, body if body is not None else {}, key=key, version=version)

    def close(self) -> None:
        """Hangs up; the session stays."""
        self._client.close()


@dataclass
class Person(Caller):
    """One signed-in person. A verb on an issue or order first looks at its version, as a screen would."""

    base_url: str
    username: str
    name: str = field(init=False)
    unit_ids: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        Caller.__init__(self, self.base_url)
        self.get("/session")  # brings the CSRF cookie
        signed_in = self.post("/session", {"username": self.username, "password": PASSWORD}).must().body
        self.name = signed_in["person"]["name"]
        self.unit_ids = tuple(post["unit"]["id"] for post in signed_in["posts"])
        self.centre_id = str(signed_in["centre"]["id"])
        self.centre_path = str(signed_in["centre"]["path"])

    def signs_out(self) -> None:
        """Ends the session."""
        self.send("DELETE", "/session").must()

    def unit(self, code: str) -> str:
        """The id of a unit by its code."""
        units = self.get("/reference").must().body["units"]
        return next(str(unit["id"]) for unit in units if unit["code"] == code)

    def an_item_for(self, unit_code: str) -> str:
        """The code of an everyday catalogue item that a unit leads."""
        for item in self.get("/reference").must().body["catalogue"]:
            kind = (item["lead_department"], item["sensitive"], item["urgent"], item["level"])
            if kind == (unit_code, False, False, "general"):
                return str(item["code"])
        raise LookupError(f"no item of the catalogue is led by {unit_code}")

    def a_place(self, nth: int = 0) -> dict[str, Any]:
        """A position well inside the nth grid of the district."""
        point = shape(self.get("/cells?tier=grid").must().body["features"][nth]["geometry"]).representative_point()
        return {"lon": point.x, "lat": point.y, "system": "CGCS2000"}

    def reports(self, item: str, text: str = "路面井盖缺失,行人绕行。", **more: Any) -> Reply:
        """A report, from the first grid unless `position` says otherwise (None: from nowhere)."""
        body = {"channel": "centre_phone", "item": item, "text": text, "position": self.a_place(), **more}
        body = {name: value for name, value in body.items() if value is not None}
        return self.post("/reports", body)

    def sees(self, issue_id: str) -> Reply:
        """The detail of an issue."""
        return self.get(f"/issues/{issue_id}")

    def does(self, verb: str, issue_id: str, body: Body | None = None, *, version: int | None = None) -> Reply:
        """A verb on an issue, at the version that is there now."""
        at = version if version is not None else self.sees(issue_id).must().body["version"]
        return self.post(f"/issues/{issue_id}/{verb}", body, version=at)

    def dispatches(self, issue_id: str, unit_code: str) -> str:
        """Sends the lead order of a filed issue. Answers the order's id."""
        self.does("dispatch", issue_id, {"unit": self.unit(unit_code)}).must()
        return str(self.sees(issue_id).must().body["card"]["lead"]["order"])

    def sends_an_order(self, unit_code: str, item: str | None = None, **more: Any) -> tuple[str, str]:
        """From a report to a sent order, all by this person. Answers (issue id, order id)."""
        issue_id = self.reports(item or self.an_item_for(unit_code), **more).must().id
        self.does("accept", issue_id).must()
        self.does("file", issue_id).must()
        return issue_id, self.dispatches(issue_id, unit_code)

    def answers(self, verb: str, order_id: str, body: Body | None = None, *, version: int | None = None) -> Reply:
        """A verb on an order of one's own unit, at the version that is there now."""
        at = version if version is not None else self.get(f"/objects/order/{order_id}").must().body["version"]
        return self.post(f"/orders/{order_id}/{verb}", body, version=at)

    def handles(self, order_id: str, text: str = "已修复,现场恢复。") -> None:
        """From acknowledgment to feedback."""
        for verb, body in (("acknowledge", {}), ("start", {}), ("feed_back", {"result": "handled", "text": text})):
            self.answers(verb, order_id, body).must()

    def confirms(self, issue_id: str) -> None:
        """Verifies and closes an issue that was fed back."""
        self.does("verify", issue_id).must()
        self.does("close", issue_id, {"outcome": "resolved", "followed_up": True}).must()
