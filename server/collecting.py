"""The screens' files where the gateway serves them from: this release's, and for a day those of the releases before.

A screen that was opened before an upgrade fetches its lazy parts by the former release's names until it is reloaded.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from time import time
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

KEPT_S: Final = 24 * 3600
LISTED: Final = ".release"  # beside what it lists: the names of the release that is served


def built() -> dict[str, Path]:
    """The files of this release, by the names under which they are served."""
    found: dict[str, Path] = {}
    for finder in get_finders():
        for name, storage in finder.list([]):
            found.setdefault(name, Path(storage.path(name)))
    return found


def collect(files: Mapping[str, Path], root: Path) -> None:
    """Put the release `files` (name → where it was built) under `root`, beside what the release before has there.

    Each file is replaced at once, never half written, pages last: what a page names is there before it.
    """
    root.mkdir(parents=True, exist_ok=True)
    listed = root / LISTED
    former = listed.read_text().splitlines() if listed.exists() else _names(root)
    for name, source in sorted(files.items(), key=lambda one: (one[0].endswith(".html"), one[0])):
        _put(source.read_bytes(), root / name)
    _put("\n".join(sorted(files)).encode(), listed)
    for name in set(former) - files.keys():
        if (root / name).is_file():
            os.utime(root / name)  # from now on its age is that of its leaving


def forget(root: Path) -> int:
    """Removes what left this release more than a day ago. Returns how many files; nothing where nothing was listed."""
    listed = root / LISTED
    if not listed.exists():
        return 0
    left = [root / name for name in set(_names(root)) - set(listed.read_text().splitlines())]
    old = [path for path in left if path.stat().st_mtime < time() - KEPT_S]
    for path in old:
        path.unlink()
    return len(old)


def forget_former() -> int:
    """The worker's duty: former releases' files go when their day is over."""
    return forget(settings.STATIC_ROOT)


def _names(root: Path) -> list[str]:
    return [name for path in root.rglob("*") if path.is_file() and (name := str(path.relative_to(root))) != LISTED]


def _put(content: bytes, target: Path) -> None:
    if target.is_file() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(content)
    beside.replace(target)
