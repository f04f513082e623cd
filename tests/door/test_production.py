"""What the compose file and the image promise: secrets by file, migrations first, no seed."""

import re

import pytest

from door.layout import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text()
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()


def test_production_never_seeds() -> None:
    assert "seed" not in re.sub(r"#.*", "", COMPOSE + DOCKERFILE)
    assert "RELAY_MODE: real" in COMPOSE


def test_no_secret_stands_in_the_environment() -> None:
    assert not re.search(r"(PASSWORD|SECRET_KEY|MASTER_KEY)\s*:", COMPOSE)  # only their …_FILE
    assert "@postgis" in COMPOSE
    assert not re.search(r"postgresql://\w+:", COMPOSE)


@pytest.mark.parametrize("service", ["postgis", "redis", "migrate", "gateway", "timer", "worker", "proxy"])
def test_every_process_is_a_service(service: str) -> None:
    assert f"\n  {service}:\n" in COMPOSE


@pytest.mark.parametrize("package", ["demo", "server", "assessment", "dispatch", "command", "gis", "realtime"])
def test_the_image_holds_every_package(package: str) -> None:
    assert f"COPY {package}/ {package}/" in DOCKERFILE


def test_packages_of_the_image_are_held_to_the_lock() -> None:
    assert "--verify-hashes --constraints /tmp/requirements.lock" in DOCKERFILE
