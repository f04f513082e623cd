"""Other sides, trusted by this test alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from command.outside import errcodes, http
from tests.outside.counterpart import Side, make_certificate, other_side, push_service, wecom
from tests.outside.counterpart import gateway as gateway_side


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One for all other sides of the run."""
    return make_certificate(tmp_path_factory.mktemp("other_side"))


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Taken as an operator adds a gateway's own authority; and nobody waits long."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setattr(http, "WITHIN_S", 1.0)
    monkeypatch.setattr(errcodes, "EACH_S", 1.0)
    return certificate


@pytest.fixture
def gateway(trusted: tuple[Path, Path]) -> Iterator[Side]:
    """An SMS gateway."""
    with other_side(gateway_side, trusted) as side:
        side.address += "/send"
        yield side


@pytest.fixture
def corp(trusted: tuple[Path, Path]) -> Iterator[Side]:
    """企业微信."""
    with other_side(wecom, trusted) as side:
        yield side


@pytest.fixture
def vendor(trusted: tuple[Path, Path]) -> Iterator[Side]:
    """A browser vendor's push service."""
    with other_side(push_service, trusted) as side:
        yield side
