"""A browser of one of the centre's people, as far as HTTP goes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client

from demo.seed.centre import PASSWORD


@dataclass(slots=True)
class Browser:
    """Speaks JSON to /api/v1, with a fresh idempotency key for each command unless one is given."""

    client: Client

    def get(self, path: str, **query: Any) -> Any:
        """A read."""
        return self.client.get(f"/api/v1{path}", query)

    def post(
        self, path: str, body: Any = None, *, key: str | None = None, version: object = None, **headers: str
    ) -> Any:
        """A command. `version` goes into If-Match; `key` "" leaves the header out."""
        sent = {"Idempotency-Key": str(uuid4()) if key is None else key, **headers}
        if version is not None:
            sent["If-Match"] = f'"{version}"'
        if sent["Idempotency-Key"] == "":
            del sent["Idempotency-Key"]
        return self.client.post(
            f"/api/v1{path}", body if body is not None else {}, content_type="application/json", headers=sent
        )

    def reports(self, **more: Any) -> UUID:
        """A new issue, over HTTP."""
        answer = self.post("/reports", report_body(**more))
        assert answer.status_code == 201, answer.content
        return UUID(answer.json()["object"]["id"])


def report_body(**more: Any) -> dict[str, Any]:
    """A report's body with everything in it; `more` replaces parts."""
    return {
        "channel": "hotline_12345",
        "item": "1901",
        "text": "路灯不亮三天了,请打 13812341234 找王建国。",
        "address": "和平路12号3幢",
        "reporter": {"name": "王建国", "phone": "13812341234"},
        **more,
    }


def signed_in(username: str) -> Browser:
    """Somebody who has signed in."""
    client = Client()
    answer: HttpResponse = client.post(
        "/api/v1/session", {"username": username, "password": PASSWORD}, content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    return Browser(client)
