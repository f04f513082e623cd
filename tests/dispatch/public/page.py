"""An inhabitant's browser: no account, no cookie, an address of its own."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.test import Client

from dispatch.doors.limits import doorkeeper
from gis.grid.models import Cell
from tests.dispatch.desk import Desk

TEXT = "小区路灯不亮三天了，晚上看不见路。"


@dataclass(slots=True)
class Page:
    """Speaks JSON to /api/v1/public from one address."""

    address: str = "203.0.113.7"
    client: Client = field(default_factory=Client)

    def get(self, path: str) -> Any:
        """A read."""
        return self.client.get(f"/api/v1/public{path}", REMOTE_ADDR=self.address)

    def post(self, path: str, body: Any, *, key: str | None = None) -> Any:
        """A command, under a fresh key unless one is given."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        return self.client.post(
            f"/api/v1/public{path}", body, content_type="application/json", headers=headers, REMOTE_ADDR=self.address
        )

    def reports(self, desk: Desk, **more: Any) -> dict[str, Any]:
        """A report by the page of the centre's first grid."""
        answer = self.post("/reports", {"grid": grid_of(desk).code, "text": TEXT, **more})
        assert answer.status_code == 201, answer.content
        taken: dict[str, Any] = answer.json()
        return taken

    def looks_up(self, code: str) -> dict[str, Any]:
        """What the page shows of a query code."""
        answer = self.post("/lookup", {"query_code": code})
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found


def grid_of(desk: Desk) -> Cell:
    """The centre's first grid."""
    cell = Cell.objects.filter(centre_id=desk.built.id, tier="grid").order_by("path").first()
    assert cell is not None
    return cell


def without_redis() -> None:
    """From now on, for this test, the doors count in PostgreSQL."""
    doorkeeper.redis.silent_until = float("inf")
