"""Photos of these tests lie in a directory of their own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    """Where the files of this test lie."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "uploads" / "photos"
