"""A snapshot is the effect of all facts up to its head, whatever is written meanwhile; HTTP shows nothing foreign."""

import gzip
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.conf import settings
from django.db import InternalError, connection, transaction
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.testing import TestClient

from realtime.feed.actions import open_centre, record
from realtime.feed.clock import at
from realtime.feed.contract import Audience, Scope
from realtime.feed.errors import NotFound
from realtime.feed.models import StoredFact
from realtime.feed.objects import ShownObject
from realtime.feed.queries import all_facts
from realtime.gateway.api import router_of
from realtime.gateway.snapshot import read_object, read_snapshot
from realtime.gateway.tickets import Signer
from tests.realtime.gateway.stage import DESK, DUTY, PUBLIC, SENSITIVE, WALL, Centre, holds, state_at

PERSON, SESSION = UUID(int=5), UUID(int=6)
TOWN = holds(("place:330199/001", DESK))


def toys(scope: Scope, centre_id: UUID) -> Iterable[ShownObject]:
    """A source that reads rows: the newest fact of each toy, in two statements, as a real source has several."""
    ids = list(StoredFact.objects.filter(centre_id=centre_id).values_list("object_id", flat=True).distinct())
    newest = StoredFact.objects.filter(centre_id=centre_id, object_id__in=ids).order_by("object_id", "-version")
    for row in newest.distinct("object_id"):
        card = orjson.loads(bytes(row.bytes))["card"]
        if card["open"]:
            audience = Audience.of_wire(orjson.loads(bytes(row.audience))["after"])
            yield ShownObject.of_card(row.object_kind, row.object_id, row.version, card, audience)


@pytest.fixture
def centre(transactional_db: None) -> Centre:
    """A centre whose feed has just begun."""
    made = Centre()
    open_centre(made.id)
    return made


def commit(centre: Centre, *changes: Any) -> None:
    """One transaction."""
    with transaction.atomic():
        record(None, *changes, at=at(None), centre_id=centre.id)


def some(centre: Centre) -> dict[str, UUID]:
    """A public toy, one in a town, a sensitive one, one that has closed."""
    made = {name: uuid4() for name in ("public", "town", "sensitive", "closed")}
    commit(
        centre,
        centre.change(made["public"], Audience.of(["place:330199"], PUBLIC)),
        centre.change(made["town"], Audience.of(["place:330199/001"], DESK)),
        centre.change(made["sensitive"], Audience.of(["place:330199/001"], SENSITIVE)),
        centre.change(made["closed"], Audience.of(["place:330199"], PUBLIC)),
        centre.change(made["closed"], Audience.of(["place:330199"], PUBLIC), card={"open": False}),
    )
    return made


def test_a_snapshot_holds_what_the_scope_sees(centre: Centre) -> None:
    made = some(centre)
    for scope, names in ((DUTY, {"public", "town", "sensitive"}), (WALL, {"public"}), (TOWN, {"town"})):
        found = read_snapshot([toys], scope, centre.id)
        assert {each.id for each in found.objects} == {made[name] for name in names}
        assert found.at.seq == 5


def test_a_snapshot_tells_the_databases_time(centre: Centre) -> None:
    def clock() -> datetime:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            row = cursor.fetchone()
        assert isinstance(row[0], datetime)
        return row[0]

    told: list[datetime] = []

    def source(scope: Scope, centre_id: UUID) -> Iterator[ShownObject]:
        told.append(clock())
        yield from ()

    found = read_snapshot([source], DUTY, centre.id)
    assert told[0] <= found.read_at <= clock()


def test_a_snapshot_is_the_effect_of_the_facts_up_to_its_head_under_writers(centre: Centre) -> None:
    """Four writers move toys all the time; every snapshot equals the feed replayed to its seq."""
    done = threading.Event()
    places = [Audience.of([f"place:330199/00{n}"], PUBLIC) for n in range(3)]

    def write(writer: int) -> None:
        mine, step = uuid4(), 0
        try:
            while not done.is_set():
                commit(centre, centre.change(mine, places[step % 3], places[(step - 1) % 3] if step else None))
                step += 1
        finally:
            connection.close()

    scope = holds(("place:330199/000", PUBLIC), ("place:330199/001", PUBLIC))
    with ThreadPoolExecutor(4) as writers:
        running = [writers.submit(write, number) for number in range(4)]
        try:
            snapshots = [read_snapshot([toys], scope, centre.id) for _ in range(60)]
        finally:
            done.set()
        for each in running:
            each.result()
    facts = list(all_facts(centre.id))
    assert len({found.at.seq for found in snapshots}) > 5, "nothing was written meanwhile"
    for found in snapshots:
        shown = {str(each.id): (each.version, each.card) for each in found.objects}
        assert shown == state_at(facts, scope, found.at.seq)


def test_a_snapshot_cannot_write(centre: Centre) -> None:
    def source(scope: Scope, centre_id: UUID) -> Iterator[ShownObject]:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO feed_pass (name, at) VALUES ('x', now())")
        yield from ()

    with pytest.raises(InternalError, match="read-only"):
        read_snapshot([source], DUTY, centre.id)


def test_a_snapshot_on_a_busy_machine_may_take_longer_between_two_reads_than_a_writer_may(centre: Centre) -> None:
    def limit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            return str(cursor.fetchone()[0])

    told: list[str] = []

    def source(scope: Scope, centre_id: UUID) -> Iterator[ShownObject]:
        told.append(limit())
        yield from ()

    before = limit()
    read_snapshot([source], DUTY, centre.id)
    assert told == ["10s"]
    assert limit() == before


def test_one_object_is_its_latest_fact_and_a_foreign_one_does_not_exist(centre: Centre) -> None:
    made = some(centre)
    found = read_object(DUTY, centre.id, "toy", made["closed"])
    assert (found.version, found.card) == (2, {"open": False})
    for scope, kind, which in (
        (WALL, "toy", made["town"]),
        (DUTY, "order", made["town"]),
        (DUTY, "toy", uuid4()),
    ):
        with pytest.raises(NotFound):
            read_object(scope, centre.id, kind, which)
    with pytest.raises(NotFound):
        read_object(DUTY, uuid4(), "toy", made["town"])


@dataclass(frozen=True)
class ToyActor:
    """Somebody signed in."""

    centre_id: UUID
    scope: Scope
    subject_kind: str = "person"
    subject_id: UUID = PERSON
    session_id: UUID = SESSION
    session_expires_at: datetime | None = None
    access_version: int = 3
    principal: str = "person:5"

    def scope_for(self, right: str) -> Scope:
        """All of it."""
        return self.scope

    def must(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> None:
        """Always."""


def client(actor: ToyActor) -> TestClient:
    """The gateway's router with somebody signed in."""

    def auth(request: HttpRequest) -> ToyActor:
        request.actor = actor  # type: ignore[attr-defined]
        return actor

    api = NinjaAPI(urls_namespace=str(uuid4()), auth=auth)
    api.add_router("", router_of([toys]))
    return TestClient(api)


@pytest.fixture(autouse=True)
def many_apis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ninja otherwise refuses a second API in one process."""
    monkeypatch.setenv("NINJA_SKIP_REGISTRY", "1")


def test_the_snapshot_over_http_carries_the_cursor(centre: Centre) -> None:
    made = some(centre)
    told = client(ToyActor(centre.id, TOWN)).get("/snapshot").json()
    last = list(all_facts(centre.id))[-1]
    assert (told["epoch"], told["seq"], told["hash"], told["access_version"]) == (1, 5, last.hash[:8].hex(), 3)
    assert told["objects"] == [
        {"kind": "toy", "id": str(made["town"]), "version": 1, "card": {"open": True, "step": 1}}
    ]
    assert datetime.fromisoformat(told["server_time"]).tzinfo


def test_the_snapshot_is_packed_for_who_takes_it_so(centre: Centre) -> None:
    some(centre)
    packed = client(ToyActor(centre.id, DUTY)).get("/snapshot", headers={"Accept-Encoding": "gzip, br"})
    plain = client(ToyActor(centre.id, DUTY)).get("/snapshot", headers={"Accept-Encoding": "br"})
    assert (packed["Content-Encoding"], packed["Vary"]) == ("gzip", "Accept-Encoding")
    assert "Content-Encoding" not in plain.headers
    assert orjson.loads(gzip.decompress(packed.content))["objects"] == plain.json()["objects"] != []


def test_a_ticket_says_who_and_ends_with_the_session(centre: Centre) -> None:
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=3)
    device = uuid4()
    answer = client(ToyActor(centre.id, TOWN, session_expires_at=ends)).post("/ticket", json={"device": str(device)})
    told = answer.json()
    assert datetime.fromisoformat(told["expires_at"]) == ends
    identity = Signer(settings.SECRET_KEY, 900).read(told["ticket"], datetime.now(UTC))
    assert (identity.principal, identity.device_id, identity.scope) == (f"person:{PERSON}", device, TOWN)
    assert (identity.access_version, identity.session_expires_at) == (3, ends)
    bad = client(ToyActor(centre.id, TOWN)).post("/ticket", json={"device": "my phone"})
    assert bad.status_code == 422
