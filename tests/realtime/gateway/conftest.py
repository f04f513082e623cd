"""A database that stays for the run, a centre per test, real gateway processes."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from realtime.hub.connection import Identity
from tests.realtime.gateway.screen import Screen
from tests.realtime.gateway.stage import Centre, GatewayProcess

StartGateway = Callable[..., GatewayProcess]


@pytest.fixture(scope="session")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The test database's address for a gateway's role. It outlives single tests: gateways stay for a whole file."""
    with django_db_blocker.unblock():
        params = connection.get_connection_params()
        host, port = params.get("host", ""), params.get("port", "")
        yield f"postgresql://relay_app@/{params['dbname']}?host={host}&port={port}"
        connection.close()


@pytest.fixture(scope="module")
def start_gateway(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartGateway]:
    """Starts toy gateways; `limits` override the protocol's numbers. All end with the file."""
    started: list[GatewayProcess] = []

    def start(
        tls: tuple[Path, Path] | None = None, limits: dict[str, Any] | None = None, **more: str
    ) -> GatewayProcess:
        gateway = GatewayProcess(
            tmp_path_factory.mktemp("gateway"),
            tls=tls,
            RELAY_DATABASE_URL=more.pop("RELAY_DATABASE_URL", database),
            RELAY_GATEWAY=json.dumps(limits or {}),
            **more,
        )
        started.append(gateway)
        gateway.process.start()
        return gateway

    yield start
    for gateway in started:
        gateway.process.kill()


@pytest.fixture(scope="module")
def gateway(start_gateway: StartGateway) -> GatewayProcess:
    """One gateway for the file, with quick beats and a short memory."""
    return start_gateway(limits={"beat_s": 1, "beat_slots": 10, "ring_facts": 64, "replay_facts": 600})


@pytest.fixture
async def centre(transactional_db: None, database: str) -> Centre:
    """A centre whose feed has just begun."""
    return await Centre().open()


@pytest.fixture
async def screen() -> AsyncIterator[Callable[..., Screen]]:
    """Makes screens, and closes them when the test ends."""
    made: list[Screen] = []

    def make(identity: Identity, **options: Any) -> Screen:
        made.append(Screen(identity, **options))
        return made[-1]

    yield make
    for one in made:
        await one.leave()
