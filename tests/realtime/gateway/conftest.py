"""A database that stays for the run, a centre per test, real gateway processes."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
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


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


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
