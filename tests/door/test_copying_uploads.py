"""A backup takes uploads along while photos come and go."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from door.backup import copy_living


def test_what_is_half_written_or_gone_meanwhile_stops_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "uploads" / "photos" / "ab"
    source.mkdir(parents=True)
    for name in ("kept.full", "kept.thumb", "gone.full", "new.full.partial"):
        (source / name).write_bytes(name.encode())
    copy2 = shutil.copy2

    def as_the_worker_removes(file: Any, to: Any, **more: Any) -> Any:
        if str(file).endswith("gone.full"):
            Path(file).unlink()
        return copy2(file, to, **more)

    monkeypatch.setattr(shutil, "copy2", as_the_worker_removes)
    copy_living(tmp_path / "uploads", tmp_path / "saved")
    assert sorted(file.name for file in (tmp_path / "saved").rglob("*.*")) == ["kept.full", "kept.thumb"]
    assert (tmp_path / "saved" / "photos" / "ab" / "kept.full").read_bytes() == b"kept.full"
