"""An administrator at work, over HTTP."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client

from realtime.feed.models import StoredFact

ADMIN = "/api/v1/admin"


class Office:
    """An administrator's browser: asks and acts as the screen does."""

    def __init__(self, browser: Client) -> None:
        self.browser = browser

    def read(self, path: str) -> Any:
        """What an address shows."""
        answer = self.browser.get(f"{ADMIN}{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def act(self, path: str, body: object = None, *, version: int | None = None, key: str | None = None) -> Any:
        """The HTTP answer of a command."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.browser.post(
            f"{ADMIN}{path}", json.dumps(body if body is not None else {}), "application/json", headers=headers
        )

    def does(self, path: str, body: object = None, *, version: int | None = None, key: str | None = None) -> Any:
        """What a command that succeeds answers."""
        answer = self.act(path, body, version=version, key=key)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def refused(self, status: int, code: str, path: str, body: object = None, *, version: int | None = None) -> Any:
        """The problem of a command that is refused, with a remedy or a plain reason."""
        answer = self.act(path, body, version=version)
        said = answer.json()
        assert (answer.status_code, said["code"]) == (status, code), said
        return said

    def person(self, username: str) -> Any:
        """An account as listed."""
        return next(row for row in self.read(f"/people?q={username}")["people"] if row["username"] == username)

    def named(self, path: str, code: str) -> Any:
        """A unit, channel or item as listed."""
        return next(row for row in self.read(path) if row["code"] == code)


def facts(name: str) -> list[dict[str, Any]]:
    """The stored facts of that name, in order."""
    rows = StoredFact.objects.filter(name=name).order_by("seq")
    return [json.loads(bytes(row.bytes)) for row in rows]
