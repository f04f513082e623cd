"""W1 in small, with all its real parts: every fact reaches whom it should, and the summary says so. No timing."""

import os
from pathlib import Path

import pytest
from django.db import connection

from bench import live
from bench.county import mixed_screens
from bench.facts import new_centre
from bench.processes import Server, free_port


@pytest.mark.django_db(transaction=True)
def test_twenty_screens_get_what_they_should(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SETTLE_S", 0.2)
    params = connection.get_connection_params()
    url = f"postgresql://relay_app@/{params['dbname']}?host={params.get('host', '')}&port={params.get('port', '')}"
    port, screens = free_port(), mixed_screens(20)
    server = Server(
        "gateway",
        ["server.serve", "--port", str(port)],
        port,
        tmp_path / "gateway.log",
        os.environ | {"RELAY_DATABASE_URL": url},
    )
    try:
        said = live.measure_w1(server, new_centre(), screens, seconds=0.5)
    finally:
        server.stop()
    assert said["expected"] > 0
    assert said["count"] == said["expected"]
    assert (said["live"], said["drops"], said["resets"]) == (20, 0, {})
