"""Fixtures that every part's tests share. Real PostGIS, real Redis; people are simulated, parts never."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("RELAY_SHARED_DIR", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real input beside the project. Tests that read it are skipped, with this message, without it."""
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip(f"no real input at {data}")
    return data
